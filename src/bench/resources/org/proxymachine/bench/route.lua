local backends = { ['app1.example'] = 'http', ['idle.example'] = 'idle' }

core.register_fetches('route', function(txn)
  local data = txn.req:dup()
  if not data then return nil end
  local host = string.match(data, '\r\nHost: ([^\r]+)\r\n')
  if host then return backends[host] end
  if string.byte(data, 37) == 0 then return 'bulk' end
  return nil
end)
