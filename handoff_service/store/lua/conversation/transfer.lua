-- Passes a conversation on, by the agent who holds it: to a certain agent, to a team or to whoever has a
-- skill. The customer goes back in line with the original waiting time; the bot stays silent.
-- ARGV[4] agent_id  ARGV[5] epoch  ARGV[6] kind: agent | team | skill  ARGV[7] id of the agent, or the
-- name of the team or skill  ARGV[8] its name as people read it  ARGV[9] sentence with {place} and, to an agent, {agent}
-- ARGV[10] more fields of handoff.transferred, JSON
-- Returns DONE | REPEATED | STALE | NOT_YOURS
local agent_id, epoch, kind, target, name = ARGV[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local sentence, more = ARGV[9], ARGV[10]
local mark = table.concat({ 'transfer', agent_id, epoch }, ' ')

if not load() then return { 'NO_SUCH' } end
if done_before(mark) then return reply('REPEATED', conv.seq) end
if conv.state ~= 'assigned' or conv.agent_id ~= agent_id then return reply('NOT_YOURS') end
if conv.epoch ~= epoch then return reply('STALE') end

local need = needs()
need.skill, need.level, need.team = nil, nil, nil -- a person knows better than the rules whom it needs
if kind == 'agent' then set('wanted_agent', target)
elseif kind == 'team' then need.team = target
else need.skill, need.level = target, 1 end
set('needs', next(need) and cjson.encode(need) or '{}')
note_pass(agent_id)
move('waiting', mark)
local at = place()
return reply('DONE', append('handoff.transferred', extend(more, '"agent_id":' .. cjson.encode(agent_id)
  .. ',"to":{"kind":"' .. kind .. '","id":' .. cjson.encode(target) .. ',"name":' .. cjson.encode(name)
  .. '},"place":' .. at .. ',"text":' .. cjson.encode(fill(sentence, { place = at, agent = name })))))
