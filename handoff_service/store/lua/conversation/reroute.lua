-- Gives what waits for a person other needs, by rules that have changed since it asked; who waits has the new
-- place in line by the same step. A transfer and a priority that a person set know better than the rules.
-- ARGV[4] epoch  ARGV[5] needs, JSON
-- Returns REROUTED | REPEATED | KEPT | STALE | NOT_WAITING
local epoch, wanted = ARGV[4], cjson.decode(ARGV[5])

if not load() then return { 'NO_SUCH' } end
if conv.state ~= 'waiting' and conv.state ~= 'offered' and conv.state ~= 'message_left' then
  return reply('NOT_WAITING')
end
if conv.epoch ~= epoch then return reply('STALE') end
if conv.met_agent then return reply('KEPT') end
if conv.prioritized then wanted.priority = tonumber(conv.prioritized) end

local need, other = needs(), false
for _, name in ipairs({ 'skill', 'level', 'team', 'priority', 'tier', 'sla_ms', 'weight' }) do
  other = other or need[name] ~= wanted[name]
end
if not other then return reply('REPEATED', conv.seq) end

set('needs', cjson.encode(wanted))
if conv.state == 'waiting' then redis.call('ZADD', QUEUE, turn_in_line(), ID) end
return reply('REROUTED', append('handoff.rerouted', '{"needs":' .. conv.needs .. '}'))
