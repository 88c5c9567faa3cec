-- Takes or renews the lease of the one replica that routes, or gives it up.
-- KEYS[1] router STRING
-- ARGV[1] holder  ARGV[2] life, ms; 0: give it up
-- Returns {LEADS | FOLLOWS}
local LEASE = KEYS[1]
local holder, life = ARGV[1], tonumber(ARGV[2])

local present = redis.call('GET', LEASE)
if present and present ~= holder then return { 'FOLLOWS' } end
if life == 0 then
  redis.call('DEL', LEASE)
  return { 'FOLLOWS' }
end
redis.call('SET', LEASE, holder, 'PX', life)
return { 'LEADS' }
