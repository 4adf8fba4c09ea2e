// Routes MQTT clients by their user name, or by the part of their client id before the first slash.
//
//   bin/proxymachine -c config-examples/mqtt.groovy
//   mosquitto_pub -p 5432 -u alice -t a/topic -m hello

def brokers = [
    alice: System.getenv('ALICE') ?: '127.0.0.1:1883',
    bob: System.getenv('BOB') ?: '127.0.0.1:1884',
]

proxy { data, conn ->
    def connect = mqtt(data)
    if (!connect) return [close: true]
    if (!(connect.level in [3, 4, 5])) return [close: refuse('mqtt-1')]
    conn.session.refusal = connect.level == 5 ? 'mqtt5' : 'mqtt'
    def broker = brokers[connect.userName ?: connect.clientId.tokenize('/')[0]]
    broker ? [remote: broker] : [close: refuse(connect.level == 5 ? 'mqtt5-135' : 'mqtt-5', 'no such tenant')]
}

proxy_connect_error { remote, conn -> [close: refuse(conn.session.refusal, 'the broker is down')] }
