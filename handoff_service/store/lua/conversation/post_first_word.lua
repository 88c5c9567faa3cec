-- Stores what the site says first, in the bot's name: once per message_id, and once per rule in its time. Only
-- while nobody else has the conversation; a closed one goes back to the bot. The bot owes nothing for it.
-- ARGV[4] message_id  ARGV[5] key of the rule  ARGV[6] ms after which the rule may speak again, '' = never
-- ARGV[7] data of message.posted, JSON
-- Returns POSTED | REPEATED | SAID | NOT_NOW
local message_id, rule, again_ms, data = ARGV[4], ARGV[5], ARGV[6], ARGV[7]

-- Whether the rule's last word is too young to be said again; one that is no longer kept here is old.
local function is_fresh(seq)
  if again_ms == '' then return true end
  local entry = redis.call('XRANGE', EVENTS, seq .. '-0', seq .. '-0')[1]
  return entry and cjson.decode(entry[2][2]).at_ms > NOW - again_ms
end

if not load() then return { 'NO_SUCH' } end
local before, said = stored(message_id), stored(rule)
if before then return reply('REPEATED', before) end
if said and is_fresh(said) then return reply('SAID', said) end
if conv.state == 'closed' then move('bot') end
if conv.state ~= 'bot' then return reply('NOT_NOW') end

redis.call('ZADD', TIMERS, IDLE_AT, ID)
local seq = store(message_id, append('message.posted', data))
return reply('POSTED', store(rule, seq))
