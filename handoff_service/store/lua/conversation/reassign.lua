-- Passes on, by a supervisor, what waits or what somebody else has: to a certain agent, to a team, to whoever has
-- a skill, or to anyone. The customer keeps the original waiting time; the bot stays as silent as it was.
-- ARGV[4] holder, '' = none  ARGV[5] by  ARGV[6] epoch  ARGV[7] kind: agent | team | skill | anyone  ARGV[8] id of
-- the agent, or the name of the team or skill  ARGV[9] its name as people read it
-- ARGV[10] sentence with {place} and, to an agent, {agent}  ARGV[11] more fields of handoff.transferred, JSON
-- ARGV[12] 1: it goes before everybody else in line
-- Returns DONE | REPEATED | STALE | NOT_OPEN | MOVED
local holder, by, epoch, kind, target, name = ARGV[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8], ARGV[9]
local sentence, more, first = ARGV[10], ARGV[11], ARGV[12] == '1'
local mark = table.concat({ 'reassign', by, epoch, kind, target }, ' ')

if not load() then return { 'NO_SUCH' } end
if done_before(mark) then return reply('REPEATED', conv.seq) end
local in_line = IN_LINE[conv.state] and not conv.left
if not in_line and conv.state ~= 'assigned' and conv.state ~= 'parked' then return reply('NOT_OPEN') end
if conv.epoch ~= epoch then return reply('STALE') end
if not holder_given(holder) then return { 'MOVED' } end

local need = needs()
if kind ~= 'anyone' then need.skill, need.level, need.team = nil, nil, nil end -- a person knows better than the rules
clear('wanted_agent')
if kind == 'agent' then set('wanted_agent', target)
elseif kind == 'team' then need.team = target
elseif kind == 'skill' then need.skill, need.level = target, 1 end
set('needs', next(need) and cjson.encode(need) or '{}')
if first then set('returned', 1) end
local from = conv.agent_id
if from then note_pass(from) end
if conv.state == 'waiting' then
  -- It stays where it is, and is waited for anew; who routes hears of it as of a move.
  redis.call('ZADD', QUEUE, turn_in_line(), ID)
  set('needs_since_ms', NOW)
  clear('widened')
  set('mark', mark)
  moved = '1'
else
  move('waiting', mark)
end
local at = place()
return reply('DONE', append('handoff.transferred', extend(more, '"agent_id":' .. (from and cjson.encode(from) or 'null')
  .. ',"to":{"kind":"' .. kind .. '","id":' .. cjson.encode(target) .. ',"name":' .. cjson.encode(name)
  .. '},"place":' .. at .. ',"text":' .. cjson.encode(fill(sentence, { place = at, agent = name })))))
