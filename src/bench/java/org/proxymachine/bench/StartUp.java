package org.proxymachine.bench;

import java.io.IOException;

/** From exec to the first routed byte, as a client sees it that asks every millisecond. */
final class StartUp implements Measurement {
    private static final Row COLD = new Row("start.cold", "start to first routed byte, first start", "ms", 0);
    private static final Row SECOND = new Row("start.second", "the same, second start", "ms", 0);

    @Override
    public String id() {
        return "start";
    }

    @Override
    public String method() {
        return "a client that asks every millisecond from exec on, both processors for all; the first start finds no compiled script in the cache, the second does";
    }

    @Override
    public void measure(Field field, Contestant contestant, Figures figures) throws Exception {
        Field.delete(field.home(contestant).resolve("cache"));
        figures.add(COLD, contestant.name(), start(field, contestant));
        figures.add(SECOND, contestant.name(), start(field, contestant));
    }

    private static double start(Field field, Contestant contestant) throws IOException {
        try (RunningProxy proxy = field.fresh(contestant, Field.ALL)) {
            return proxy.awaitAnswer();
        }
    }
}
