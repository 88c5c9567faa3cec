-- Takes a customer who is gone out of the line, back to the bot: no tab of theirs was open for too long. Who
-- left a message, or is brought back by an agent, is not watched (KEYS[14]) and never gone.
-- ARGV[4] holder: the agent it is offered to, '' = none  ARGV[5] gone when last seen at this time, ms, or before
-- ARGV[6] data of handoff.abandoned, JSON
-- Returns ABANDONED | BACK | GONE | MOVED
local holder, gone_since, data = ARGV[4], tonumber(ARGV[5]), ARGV[6]

if not load() then
  redis.call('ZREM', PRESENT, ID) -- what does not exist cannot wait
  return { 'GONE', '0', '0' }
end
local seen = redis.call('ZSCORE', PRESENT, ID)
if not seen or not IN_LINE[conv.state] then
  redis.call('ZREM', PRESENT, ID)
  return reply('GONE', conv.seq)
end
if tonumber(seen) > gone_since then return reply('BACK', conv.seq) end
if not holder_given(holder) then return { 'MOVED' } end

local waited = NOW - conv.waiting_since_ms
move('bot')
return reply('ABANDONED', append('handoff.abandoned', extend(data, '"waited_ms":' .. waited)))
