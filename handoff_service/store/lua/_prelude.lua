-- What every transition of a conversation starts with. store/scripts.py puts the tables MOVES and
-- OWNER (made from domain.py) and the constants BOT_GROUP, EVENT_FIELD before it, a script after it.
--
-- KEYS[1]  conv:<id>          HASH    KEYS[2]  conv:<id>:events  STREAM  KEYS[3]  conv:<id>:ids  HASH
-- KEYS[4]  conv:<id>:turns    LIST    KEYS[5]  jobs              STREAM  KEYS[6]  log            STREAM
-- KEYS[7]  queue              ZSET    KEYS[8]  left              ZSET    KEYS[9]  offers         ZSET
-- KEYS[10] timers             ZSET    KEYS[11] online            SET
-- KEYS[12] agent:<id>         HASH    KEYS[13] agent:<id>:conversations  SET   (only where an agent takes part)
-- ARGV[1]  conversation id    ARGV[2] now, ms    ARGV[3] when it closes if nobody writes, ms
-- Returns {word, seq, epoch}; {'NO_SUCH'}: no such conversation; {'MOVED'}: KEYS[12] is not the
-- present holder's, read again and retry.
local CONV, EVENTS, IDS, TURNS, JOBS, LOG = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local QUEUE, LEFT, OFFERS, TIMERS, ONLINE = KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11]
local AGENT, HELD = KEYS[12], KEYS[13]
local ID, NOW, IDLE_AT = ARGV[1], ARGV[2], ARGV[3]
local HELD_STATES = { offered = true, assigned = true, wrap_up = true }

local conv = {} -- the conversation's fields; kept in step with the hash by set and clear
local moved = '0' -- whether this step changed the state
local released = '' -- the agent this step took the conversation from

local function load()
  local flat = redis.call('HGETALL', CONV)
  for i = 1, #flat, 2 do conv[flat[i]] = flat[i + 1] end
  return conv.state ~= nil
end

local function set(name, value)
  conv[name] = tostring(value)
  redis.call('HSET', CONV, name, conv[name])
end

local function clear(...)
  for _, name in ipairs({ ... }) do conv[name] = nil end
  redis.call('HDEL', CONV, ...)
end

local function reply(word, seq)
  return { word, tostring(seq or 0), conv.epoch }
end

-- Puts more fields, written as JSON, into a JSON object.
local function extend(object, more)
  return object:sub(1, -2) .. (object == '{}' and '' or ',') .. more .. '}'
end

-- Fills {place} and {agent} into a sentence.
local function fill(sentence, values)
  return (sentence:gsub('{([%w_]+)}', values))
end

-- Appends an event to the conversation and to the desk's log; returns its seq.
local function append(kind, data)
  local seq = redis.call('HINCRBY', CONV, 'seq', 1)
  local event = '{"conversation_id":' .. cjson.encode(ID) .. ',"seq":' .. seq .. ',"type":"' .. kind
    .. '","at_ms":' .. NOW .. ',"epoch":' .. conv.epoch .. ',"data":' .. data .. '}'
  redis.call('XADD', EVENTS, seq .. '-0', EVENT_FIELD, event)
  redis.call('XADD', LOG, '*', EVENT_FIELD, event, 'c', ID, 'n', seq, 't', kind, 'state', conv.state,
    'agent', conv.agent_id or '', 'released', released, 'moved', moved)
  return seq
end

local function stored(message_id)
  return redis.call('HGET', IDS, message_id)
end

local function store(message_id, seq)
  redis.call('HSET', IDS, message_id, seq)
  return seq
end

-- A command whose answer was lost on the way is sent again: `mark` names it, agent and epoch included.
local function done_before(mark)
  return conv.mark == mark
end

local function is_holder(agent_id)
  return HELD_STATES[conv.state] and conv.agent_id == agent_id
end

-- Whether KEYS[12] and KEYS[13] are those of the agent who holds the conversation, if any does.
local function holder_given(agent_id)
  return (HELD_STATES[conv.state] and conv.agent_id or '') == agent_id
end

local function hold(agent_id, name)
  redis.call('SADD', HELD, ID)
  redis.call('HSET', AGENT, 'load', redis.call('SCARD', HELD))
  set('agent_id', agent_id)
  set('agent_name', name)
end

local function release()
  redis.call('SREM', HELD, ID)
  redis.call('HSET', AGENT, 'load', redis.call('SCARD', HELD))
  released = conv.agent_id
  clear('agent_id', 'agent_name')
end

-- Each state's index: the sorted set it is found in, and by what it is sorted there.
local function enter(state)
  if state == 'waiting' then redis.call('ZADD', QUEUE, conv.waiting_since_ms, ID)
  elseif state == 'message_left' then
    redis.call('ZADD', LEFT, conv.waiting_since_ms, ID)
    set('left', 1)
  elseif state == 'offered' then redis.call('ZADD', OFFERS, conv.deadline_ms, ID)
  elseif state == 'wrap_up' then redis.call('ZADD', TIMERS, conv.wrap_up_ends_ms, ID)
  elseif state == 'bot' then
    redis.call('ZADD', TIMERS, IDLE_AT, ID)
    clear('handoff', 'waiting_since_ms', 'assigned_ms', 'passed_by', 'passed_ms', 'disliked', 'left')
  end
end

local function leave(state)
  if state == 'waiting' then redis.call('ZREM', QUEUE, ID)
  elseif state == 'message_left' then redis.call('ZREM', LEFT, ID)
  elseif state == 'offered' then
    redis.call('ZREM', OFFERS, ID)
    clear('deadline_ms')
  elseif state == 'wrap_up' then redis.call('ZREM', TIMERS, ID)
  elseif state == 'bot' then redis.call('ZREM', TIMERS, ID)
  end
end

-- Settles what is owed when the owner changes: the bot answers what it was asked while the customer
-- waited, now under its own epoch; anybody else reads it (the job itself ends with its worker).
local function pass_turns_on(owner)
  local turns = redis.call('LRANGE', TURNS, 0, -1)
  redis.call('DEL', TURNS)
  if owner ~= 'bot' then return end
  for _, turn in ipairs(turns) do -- owe_turn wrote the epoch last
    redis.call('RPUSH', TURNS, (turn:gsub('"epoch":%d+}$', '"epoch":' .. conv.epoch .. '}')))
  end
end

-- Changes the state; the epoch rises when the owner changes, an agent is let go when nobody holds it.
local function move(state, mark)
  if not MOVES[conv.state][state] then
    error({ err = 'ILLEGAL ' .. conv.state .. ' ' .. state })
  end
  if HELD_STATES[conv.state] and not HELD_STATES[state] then release() end
  if OWNER[conv.state] ~= OWNER[state] then
    set('epoch', conv.epoch + 1)
    pass_turns_on(OWNER[state])
  end
  leave(conv.state)
  set('state', state)
  enter(state)
  if mark then set('mark', mark) else clear('mark') end
  moved = '1'
end

local function place()
  return redis.call('ZRANK', QUEUE, ID) + 1
end

-- Takes the conversation from its agent to its old place among those who wait, and returns it; a left
-- message goes back among the left ones, and has none.
local function requeue(mark)
  if conv.left then
    move('message_left', mark)
    return nil
  end
  move('waiting', mark)
  return place()
end

-- Notes that an agent let the conversation pass, latest last, each agent once.
local function note_pass(agent_id)
  local passed = {}
  for id in (conv.passed_by or ''):gmatch('%S+') do
    if id ~= agent_id then passed[#passed + 1] = id end
  end
  passed[#passed + 1] = agent_id
  set('passed_by', table.concat(passed, ' '))
  set('passed_ms', NOW)
end

-- Data of an event that ends an offer: history, which knows no more than events, is told of a left message.
local function let_pass(data)
  return conv.left and extend(data, '"left":true') or data
end

-- Puts the conversation in the queue and says so: the sentence and the fact are one step.
-- `nobody`, JSON: what holds when nobody is on duty. text: the sentence; fields: more fields of the event,
-- JSON without braces; left: data of message.left, JSON, where the customer said how to be reached, else ''.
local function request_handoff(handoff, queued, nobody)
  set('handoff', handoff)
  set('waiting_since_ms', NOW)
  move('waiting')
  local at, on_duty = place(), redis.call('SCARD', ONLINE) > 0
  local away = on_duty and { text = queued, fields = '', left = '' } or cjson.decode(nobody)
  local more = '"place":' .. at .. ',"on_duty":' .. tostring(on_duty) .. ',"text":'
    .. cjson.encode(fill(away.text, { place = at }))
  if away.fields ~= '' then more = more .. ',' .. away.fields end
  local seq = append('handoff.requested', extend(handoff, more))
  if away.left == '' then return seq end
  move('message_left')
  return append('message.left', away.left)
end

-- Owes the customer an answer under the present epoch: one turn in the mailbox, one job for the
-- conversation.
local function owe_turn(turn, number, seq)
  redis.call('RPUSH', TURNS, extend(turn, '"turn":' .. number .. ',"seq":' .. seq .. ',"epoch":' .. conv.epoch))
  if not conv.job then
    set('job', redis.call('XADD', JOBS, '*', 'conversation_id', ID))
  end
end

-- Ends a worker's job; the next turn, if one is owed, is a new job behind the other conversations'.
local function settle(job)
  redis.call('XACK', JOBS, BOT_GROUP, job)
  redis.call('XDEL', JOBS, job)
  if conv.job ~= job then return end
  if redis.call('LLEN', TURNS) > 0 then
    set('job', redis.call('XADD', JOBS, '*', 'conversation_id', ID))
  else
    clear('job')
  end
end

local function head_turn()
  local head = redis.call('LINDEX', TURNS, 0)
  return head and cjson.decode(head).turn
end

