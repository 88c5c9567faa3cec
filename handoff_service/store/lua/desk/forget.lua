-- Deletes conversations that have been closed for long enough and are wholly in the history.
-- KEYS[1] closed ZSET, then for each conversation: its HASH, events STREAM, ids HASH, turns LIST
-- ARGV[1] closed at this time, ms, or before  ARGV[2] everything in the log below this id is archived
-- ARGV[3..] conversation ids
-- Returns the ids of those that are gone
local CLOSED, until_ms, archived = KEYS[1], tonumber(ARGV[1]), ARGV[2]

local function parts(id)
  local ms, number = id:match('^(%d+)-(%d+)$')
  return tonumber(ms), tonumber(number)
end

local function is_archived(id)
  local ms, number = parts(id)
  local floor_ms, floor_number = parts(archived)
  return ms < floor_ms or (ms == floor_ms and number < floor_number)
end

local gone = {}
for i = 3, #ARGV do
  local id, first = ARGV[i], 2 + (i - 3) * 4
  local state, log_id = unpack(redis.call('HMGET', KEYS[first], 'state', 'log_id'))
  local since = redis.call('ZSCORE', CLOSED, id)
  if state and state ~= 'closed' then
    redis.call('ZREM', CLOSED, id) -- it went on: the index was behind
  elseif since and tonumber(since) <= until_ms and is_archived(log_id or '0-0') then
    redis.call('UNLINK', KEYS[first], KEYS[first + 1], KEYS[first + 2], KEYS[first + 3])
    redis.call('ZREM', CLOSED, id)
    gone[#gone + 1] = id
  end
end
return gone
