-- Puts a conversation into the indexes of its state and takes it out of all others, after a crash or a
-- foreign hand; brings a moment that lies absurdly far ahead back to the latest that the settings allow.
-- One that does not exist is taken out of all.
-- ARGV[4] latest deadline of an offer, ms  ARGV[5] latest end of a wrap-up, ms
-- Returns MENDED | FINE
local latest_deadline, latest_end = tonumber(ARGV[4]), tonumber(ARGV[5])
local mended = false

local function put(index, score)
  if redis.call('ZSCORE', index, ID) == score then return end
  redis.call('ZADD', index, score, ID)
  mended = true
end

-- Returns the moment kept in a field, brought back if it is missing or too late.
local function moment(name, latest)
  if not conv[name] or tonumber(conv[name]) > latest then
    set(name, string.format('%.0f', latest))
    mended = true
  end
  return conv[name]
end

-- By what the conversation is sorted in the index of its state; nil: not found there.
local function score_in(index)
  local state = conv.state
  if state == 'waiting' then
    moment('waiting_since_ms', tonumber(NOW))
    return index == QUEUE and turn_in_line()
  elseif state == 'message_left' then return index == LEFT and moment('waiting_since_ms', tonumber(NOW))
  elseif state == 'offered' then return index == OFFERS and moment('deadline_ms', latest_deadline)
  elseif state == 'wrap_up' then return index == TIMERS and moment('wrap_up_ends_ms', latest_end)
  elseif state == 'parked' then return index == PARKED and (conv.parked_until_ms or NOW)
  elseif state == 'closed' then return index == CLOSED and moment('closed_ms', tonumber(NOW))
  elseif state == 'bot' then
    local due = redis.call('ZSCORE', TIMERS, ID)
    local late = not due or tonumber(due) > tonumber(IDLE_AT)
    return index == TIMERS and (late and IDLE_AT or due)
  end
end

load()
for _, index in ipairs({ QUEUE, LEFT, OFFERS, TIMERS, PARKED, CLOSED }) do
  local score = score_in(index)
  if score then put(index, score)
  elseif redis.call('ZREM', index, ID) == 1 then mended = true end
end
if IN_LINE[conv.state] and not conv.left then
  put(SINCE, moment('waiting_since_ms', tonumber(NOW)))
  local seen = redis.call('ZSCORE', PRESENT, ID)
  if seen and tonumber(seen) > tonumber(NOW) then put(PRESENT, NOW) end
elseif redis.call('ZREM', SINCE, ID) + redis.call('ZREM', PRESENT, ID) > 0 then mended = true end
return { mended and 'MENDED' or 'FINE', conv.seq or '0', conv.epoch or '0' }
