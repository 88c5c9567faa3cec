-- Gives what waits for a person, or talks with one, another priority, once per message_id. Who waits has
-- the new place in line by the same step.
-- ARGV[4] key of the message_id  ARGV[5] priority, 0 to 9  ARGV[6] data of conversation.prioritized, JSON
-- Returns DONE | REPEATED | NOT_OPEN
local message_id, priority, data = ARGV[4], tonumber(ARGV[5]), ARGV[6]

if not load() then return { 'NO_SUCH' } end
local before = stored(message_id)
if before then return reply('REPEATED', before) end
if OWNER[conv.state] ~= 'agent' and OWNER[conv.state] ~= 'queue' then return reply('NOT_OPEN') end

local need = needs()
need.priority = priority
set('needs', cjson.encode(need))
set('prioritized', priority)
if conv.state == 'waiting' then redis.call('ZADD', QUEUE, turn_in_line(), ID) end
return reply('DONE', store(message_id, append('conversation.prioritized', data)))
