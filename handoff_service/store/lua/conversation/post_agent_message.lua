-- Stores what an agent wrote to the customer, once per message_id, if the agent holds the conversation.
-- ARGV[4] agent_id  ARGV[5] epoch  ARGV[6] key of the message_id  ARGV[7] data of message.posted, JSON
-- Returns POSTED | REPEATED | STALE | NOT_YOURS
local agent_id, epoch, message_id, data = ARGV[4], ARGV[5], ARGV[6], ARGV[7]

if not load() then return { 'NO_SUCH' } end
local before = stored(message_id)
if before then return reply('REPEATED', before) end
if conv.state == 'offered' or not is_holder(agent_id) then return reply('NOT_YOURS') end
if conv.epoch ~= epoch then return reply('STALE') end

clear('draft', 'unanswered_ms') -- it was sent, or is out of date now
local named = extend(data, '"agent_id":' .. cjson.encode(agent_id) .. ',"author_name":'
  .. cjson.encode(conv.agent_name))
return reply('POSTED', store(message_id, append('message.posted', named)))
