-- Stores a waiting customer's message and contact for the first agent who comes on duty.
-- ARGV[4] message_id  ARGV[5] data of message.posted, JSON  ARGV[6] data of message.left, JSON
-- Returns LEFT | REPEATED | NOT_WAITING
local message_id, message, left = ARGV[4], ARGV[5], ARGV[6]

if not load() then return { 'NO_SUCH' } end
local before = stored(message_id)
if before then return reply('REPEATED', before) end
if conv.state ~= 'waiting' then return reply('NOT_WAITING', conv.seq) end

-- of two fields of one name, every reader takes the later
set('handoff', extend(conv.handoff, '"contact":' .. cjson.encode(cjson.decode(left).contact)))
move('message_left')
local seq = store(message_id, append('message.posted', message))
append('message.left', left)
return reply('LEFT', seq)
