-- What every transition of a conversation starts with. store/scripts.py puts the tables MOVES and
-- OWNER (made from domain.py) and the constants BOT_GROUP, EVENT_FIELD before it, a script after it.
--
-- KEYS[1]  conv:<id>          HASH    KEYS[2]  conv:<id>:events  STREAM  KEYS[3]  conv:<id>:ids  HASH
-- KEYS[4]  conv:<id>:turns    LIST    KEYS[5]  jobs              STREAM  KEYS[6]  log            STREAM
-- KEYS[7]  queue              ZSET    KEYS[8]  left              ZSET    KEYS[9]  offers         ZSET
-- KEYS[10] timers             ZSET    KEYS[11] online            SET     KEYS[12] parked         ZSET
-- KEYS[13] closed             ZSET    KEYS[14] present           ZSET    KEYS[15] since          ZSET
-- KEYS[16] agent:<id>         HASH    KEYS[17] agent:<id>:held  ZSET  (only where an agent takes part)
-- ARGV[1]  conversation id    ARGV[2] now, ms    ARGV[3] when it closes if nobody writes, ms
-- Returns {word, seq, epoch}; {'NO_SUCH'}: no such conversation; {'MOVED'}: KEYS[16] is not the
-- present holder's, read again and retry.
local CONV, EVENTS, IDS, TURNS, JOBS, LOG = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local QUEUE, LEFT, OFFERS, TIMERS, ONLINE = KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11]
local PARKED, CLOSED, PRESENT, SINCE = KEYS[12], KEYS[13], KEYS[14], KEYS[15]
local AGENT, HELD = KEYS[16], KEYS[17]
local ID, NOW, IDLE_AT = ARGV[1], ARGV[2], ARGV[3]
local HELD_STATES = { offered = true, assigned = true, wrap_up = true }
local IN_LINE = { waiting = true, offered = true } -- a left message is in nobody's line
local PRIORITIES = 9 -- the highest; the lowest is 0
local PRIORITY_STEP = 2 ^ 42 -- more than any time in ms: a higher priority goes before any wait
local USUAL_SLA = 86400000 -- ms: without a target of its own a conversation is served by its wait

local conv = {} -- the conversation's fields; kept in step with the hash by set and clear
local moved = '0' -- whether this step changed the state
local released = '' -- the agent this step took the conversation from
local spoke -- the agent who owned the conversation before this step, if one did

local function load()
  local flat = redis.call('HGETALL', CONV)
  for i = 1, #flat, 2 do conv[flat[i]] = flat[i + 1] end
  spoke = OWNER[conv.state] == 'agent' and conv.agent_id or nil
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
  local log_id = redis.call('XADD', LOG, '*', EVENT_FIELD, event, 'c', ID, 'n', seq, 't', kind,
    'state', conv.state, 'agent', conv.agent_id or '', 'released', released, 'moved', moved)
  redis.call('HSET', CONV, 'log_id', log_id)
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

-- Whether KEYS[16] and KEYS[17] are those of the agent it is offered to, who holds or who parked it.
local function holder_given(agent_id)
  return (conv.agent_id or '') == agent_id
end

local function needs()
  return cjson.decode(conv.needs or '{}')
end

-- The sum of the weights an agent holds; a conversation weighs 1 if nothing else is said.
local function load_of(held)
  local sum, flat = 0, redis.call('ZRANGE', held, 0, -1, 'WITHSCORES')
  for i = 2, #flat, 2 do sum = sum + tonumber(flat[i]) end
  return sum
end

local function weigh(agent, held)
  redis.call('HSET', agent, 'load', load_of(held))
end

local function hold(agent_id, name)
  redis.call('ZADD', HELD, needs().weight or 1, ID)
  weigh(AGENT, HELD)
  set('agent_id', agent_id)
  set('agent_name', name)
end

-- Takes the conversation from its agent, whose keys are KEYS[16] and KEYS[17] unless others are given.
local function release(agent, held)
  redis.call('ZREM', held or HELD, ID)
  weigh(agent or AGENT, held or HELD)
  released = conv.agent_id
  clear('agent_id', 'agent_name')
end

-- Keeps why the conversation was taken from an agent, to be told when they are back.
local function note_lost(list, reason, kept, kept_s)
  redis.call('LPUSH', list, '{"conversation_id":' .. cjson.encode(ID) .. ',"reason":"' .. reason
    .. '","at_ms":' .. NOW .. '}')
  redis.call('LTRIM', list, 0, kept - 1)
  redis.call('EXPIRE', list, kept_s)
end

-- The order of service, smaller first: by priority, then by when a person should have answered. One that
-- its agent's loss sent back comes before all others.
local function turn_in_line()
  local need = needs()
  local priority = conv.returned and PRIORITIES + 1 or need.priority or 5
  return string.format('%.0f', (PRIORITIES - priority) * PRIORITY_STEP + conv.waiting_since_ms
    + (need.sla_ms or USUAL_SLA))
end

-- Notes since when the customer waits for a word of the agent.
local function owe_word()
  if not conv.unanswered_ms then set('unanswered_ms', NOW) end
end

-- Each state's index: the sorted set it is found in, and by what it is sorted there.
local function enter(state)
  if state == 'waiting' then
    redis.call('ZADD', QUEUE, turn_in_line(), ID)
    -- Whom the customer is passed on to is waited for anew, however long ago the request was.
    if spoke and not conv.returned then
      set('needs_since_ms', NOW)
      clear('widened')
    end
  elseif state == 'message_left' then
    redis.call('ZADD', LEFT, conv.waiting_since_ms, ID)
    set('left', 1)
  elseif state == 'offered' then redis.call('ZADD', OFFERS, conv.deadline_ms, ID)
  elseif state == 'assigned' then
    set('met_agent', 1)
    set('known_agent', conv.agent_id)
    owe_word()
    clear('passed_by', 'passed_ms', 'left', 'returned', 'wanted_agent')
  elseif state == 'wrap_up' then
    redis.call('ZADD', TIMERS, conv.wrap_up_ends_ms, ID)
    clear('unanswered_ms')
  elseif state == 'parked' then redis.call('ZADD', PARKED, conv.parked_until_ms, ID)
  elseif state == 'closed' then
    redis.call('ZADD', CLOSED, conv.closed_ms, ID)
    clear('draft', 'unanswered_ms')
  elseif state == 'bot' then
    redis.call('ZADD', TIMERS, IDLE_AT, ID)
    clear('handoff', 'needs', 'waiting_since_ms', 'assigned_ms', 'passed_by', 'passed_ms', 'disliked', 'left',
      'met_agent', 'any_language', 'consent_asked', 'widened', 'wanted_agent', 'returned', 'draft',
      'needs_since_ms', 'unanswered_ms', 'prioritized')
  end
end

local function leave(state)
  if state == 'waiting' then redis.call('ZREM', QUEUE, ID)
  elseif state == 'message_left' then redis.call('ZREM', LEFT, ID)
  elseif state == 'offered' then
    redis.call('ZREM', OFFERS, ID)
    clear('deadline_ms')
  elseif state == 'wrap_up' then redis.call('ZREM', TIMERS, ID)
  elseif state == 'parked' then
    redis.call('ZREM', PARKED, ID)
    clear('parked_until_ms')
  elseif state == 'closed' then redis.call('ZREM', CLOSED, ID)
  elseif state == 'bot' then redis.call('ZREM', TIMERS, ID)
  end
end

-- Keeps those who stand in line, and when they were last seen there, in step with the state.
local function stand_in_line(before, state)
  if not IN_LINE[state] or conv.left then
    redis.call('ZREM', SINCE, ID)
    redis.call('ZREM', PRESENT, ID)
    return
  end
  redis.call('ZADD', SINCE, conv.waiting_since_ms, ID)
  if not IN_LINE[before] and before ~= 'parked' then redis.call('ZADD', PRESENT, NOW, ID) end
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

-- Changes the state; the epoch rises when the owner changes, another agent included; an agent is let go
-- when nobody holds it. Who parks a conversation stays its agent, without the load.
local function move(state, mark)
  local before = conv.state
  if not MOVES[before][state] then
    error({ err = 'ILLEGAL ' .. before .. ' ' .. state })
  end
  if HELD_STATES[before] and not HELD_STATES[state] then
    local agent_id, name = conv.agent_id, conv.agent_name
    release()
    if state == 'parked' then
      set('agent_id', agent_id)
      set('agent_name', name)
    end
  elseif before == 'parked' and not HELD_STATES[state] then clear('agent_id', 'agent_name') end
  local other_owner = OWNER[before] ~= OWNER[state]
  if other_owner or (OWNER[state] == 'agent' and conv.agent_id ~= spoke) then
    set('epoch', conv.epoch + 1)
  end
  if other_owner then pass_turns_on(OWNER[state]) end
  leave(before)
  set('state', state)
  enter(state)
  stand_in_line(before, state)
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

-- Puts a parked conversation in its old place, first before the agent who parked it.
local function back_in_line(reason)
  set('wanted_agent', conv.agent_id)
  move('waiting')
  return append('conversation.resumed',
    '{"reason":"' .. reason .. '","agent_id":null,"place":' .. place() .. '}')
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
-- `wanted`, JSON: what the conversation needs (Needs in conversation.py).
local function request_handoff(handoff, wanted, queued, nobody)
  set('handoff', handoff)
  set('needs', wanted)
  set('waiting_since_ms', NOW)
  move('waiting')
  local at, on_duty = place(), redis.call('SCARD', ONLINE) > 0
  local away = on_duty and { text = queued, fields = '', left = '' } or cjson.decode(nobody)
  local more = '"place":' .. at .. ',"on_duty":' .. tostring(on_duty) .. ',"text":'
    .. cjson.encode(fill(away.text, { place = at }))
  if away.fields ~= '' then more = more .. ',' .. away.fields end
  more = more .. ',"needs":' .. wanted
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

