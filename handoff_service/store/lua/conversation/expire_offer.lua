-- Puts an offered conversation back in its old place, because the deadline is over. An agent who misses
-- some in a row is not there: the same step sets them away, so that nobody else waits for them.
-- KEYS[18] signals STREAM  KEYS[19] presence STREAM
-- ARGV[4] agent_id  ARGV[5] epoch  ARGV[6] data of offer.expired, JSON  ARGV[7] misses in a row that are too many
-- ARGV[8] why they are away  ARGV[9] signal, JSON  ARGV[10] signals to keep, about
-- ARGV[11] changes of presence to keep until they are in the history, about
-- Returns EXPIRED | REPEATED | NOT_DUE | GONE
local SIGNALS, CHANGES = KEYS[18], KEYS[19]
local agent_id, epoch, data = ARGV[4], ARGV[5], ARGV[6]
local too_many, why, signal, kept = tonumber(ARGV[7]), ARGV[8], ARGV[9], ARGV[10]
local changes_kept = ARGV[11]
local mark = table.concat({ 'expire', agent_id, epoch }, ' ')

if not load() then return { 'NO_SUCH' } end
if done_before(mark) then return reply('REPEATED', conv.seq) end
if conv.state ~= 'offered' or conv.agent_id ~= agent_id or conv.epoch ~= epoch then
  return reply('GONE')
end
if tonumber(NOW) <= tonumber(conv.deadline_ms) then return reply('NOT_DUE') end

if redis.call('HGET', AGENT, 'presence') == 'online'
  and redis.call('HINCRBY', AGENT, 'misses', 1) >= too_many then
  redis.call('HSET', AGENT, 'presence', 'away', 'presence_reason', why, 'presence_since_ms', NOW)
  redis.call('HDEL', AGENT, 'misses')
  redis.call('SREM', ONLINE, agent_id)
  redis.call('XADD', SIGNALS, 'MAXLEN', '~', kept, '*', 'kind', 'presence', 'data', signal)
  redis.call('XADD', CHANGES, 'MAXLEN', '~', changes_kept, '*', 'agent', agent_id, 'at', NOW, 'status', 'away',
    'reason', why)
end
note_pass(agent_id)
requeue(mark)
return reply('EXPIRED', append('offer.expired', let_pass(data)))
