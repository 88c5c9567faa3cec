-- Trims the desk's log below what the archiver acknowledged, and below a given age.
-- KEYS[1] log STREAM
-- ARGV[1] group  ARGV[2] keep everything from this time on, ms
-- Returns {TRIMMED, count} | {NO_GROUP, 0}
local LOG, group, keep_from = KEYS[1], ARGV[1], ARGV[2]

local function ms(id) return tonumber(id:match('^(%d+)-')) end

if redis.call('EXISTS', LOG) == 0 then return { 'NO_GROUP', '0' } end
local delivered
for _, info in ipairs(redis.call('XINFO', 'GROUPS', LOG)) do
  local fields = {}
  for i = 1, #info, 2 do fields[info[i]] = info[i + 1] end
  if fields.name == group then delivered = fields['last-delivered-id'] end
end
if not delivered then return { 'NO_GROUP', '0' } end
local oldest = redis.call('XPENDING', LOG, group)[2] -- delivered but not yet written
local floor = oldest or delivered
if ms(floor) > tonumber(keep_from) then floor = keep_from .. '-0' end
return { 'TRIMMED', tostring(redis.call('XTRIM', LOG, 'MINID', floor)) }
