-- Gives a message of the agent who talks with the customer another text, once per message_id, for a short
-- time after it was written. What it said before stays where it is.
-- ARGV[4] agent_id  ARGV[5] epoch  ARGV[6] key of the message_id  ARGV[7] key of the message to change
-- ARGV[8] for how long it may be changed, ms  ARGV[9] data of message.edited but of_seq, JSON
-- Returns EDITED | REPEATED | STALE | NOT_YOURS | NO_MESSAGE | TOO_LATE
local agent_id, epoch, message_id, of, window, data = ARGV[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8], ARGV[9]

if not load() then return { 'NO_SUCH' } end
local before = stored(message_id)
if before then return reply('REPEATED', before) end
if conv.state == 'offered' or not is_holder(agent_id) then return reply('NOT_YOURS') end
if conv.epoch ~= epoch then return reply('STALE') end

local seq = stored(of)
local entry = seq and redis.call('XRANGE', EVENTS, seq .. '-0', seq .. '-0')[1]
local event = entry and cjson.decode(entry[2][2])
if not event or event.type ~= 'message.posted' then return reply('NO_MESSAGE') end
if NOW - event.at_ms > tonumber(window) then return reply('TOO_LATE') end

return reply('EDITED', store(message_id, append('message.edited', extend(data, '"of_seq":' .. seq))))
