-- Keeps the replicas of a desk on one time: that of Redis, and what must be added to it since it jumped. The one
-- script that asks Redis for the time: it is what the others are then given.
-- KEYS[1] clock HASH
-- ARGV[1] the replica's time, ms  ARGV[2] its name  ARGV[3] how far apart is still agreement, ms
-- ARGV[4] 1: it joins and takes the desk's time as it is
-- Returns {JOINED | AGREED | FOLLOW | HELD, the desk's time in ms, added to that of Redis in ms}
local CLOCK = KEYS[1]
local now, me, tolerance, joins = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3]), ARGV[4] == '1'

local time = redis.call('TIME')
local redis_ms = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local known = redis.call('HMGET', CLOCK, 'added', 'agreed', 'by')
local added, agreed, by = tonumber(known[1] or 0), tonumber(known[2] or 0), known[3]

local function answer(word) return { word, string.format('%.0f', redis_ms + added), string.format('%.0f', added) } end

local function keep()
  redis.call('HSET', CLOCK, 'added', string.format('%.0f', added), 'agreed', string.format('%.0f', redis_ms), 'by', me)
end

if joins then return answer('JOINED') end
if math.abs(now - redis_ms - added) <= tolerance then
  -- One part in twenty of the time that passed brings the desk back to the time of Redis.
  local step = math.min(math.abs(added), math.floor(math.max(0, math.min(redis_ms - agreed, 2000)) / 20))
  added = added > 0 and added - step or added + step
  keep()
  return answer('AGREED')
end
-- Another replica agrees at present: it is this one whose time stood still.
if by and by ~= me and math.abs(redis_ms - agreed) <= 1500 then return answer('FOLLOW') end
added = now - redis_ms
keep()
return answer('HELD')
