-- Brings a conversation back that this store has forgotten, closed, as the history has it. As closed now, so
-- that it stays as long as any other. One whose end the history has not heard of is closed by this very step.
-- ARGV[4] fields, JSON  ARGV[5] key of each message_id → seq, JSON  ARGV[6] 'closed' | 'open'
-- ARGV[7..] seq and event, JSON, of its latest events, oldest first
-- Returns RESTORED | EXISTS
local fields, ids, state = ARGV[4], ARGV[5], ARGV[6]

if load() then return reply('EXISTS', conv.seq) end
for name, value in pairs(cjson.decode(fields)) do set(name, value) end
for message_id, seq in pairs(cjson.decode(ids)) do store(message_id, seq) end
for i = 7, #ARGV, 2 do redis.call('XADD', EVENTS, ARGV[i] .. '-0', EVENT_FIELD, ARGV[i + 1]) end
set('log_id', '0-0') -- all of it is archived
set('closed_ms', NOW)

if state == 'open' then
  set('state', 'bot')
  move('closed')
  return reply('RESTORED', append('conversation.closed', '{"by":"system","reason":"restored"}'))
end
set('state', 'closed')
enter('closed')
return reply('RESTORED', conv.seq)
