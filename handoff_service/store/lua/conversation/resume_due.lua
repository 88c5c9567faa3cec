-- Puts a parked conversation whose time has come back in line, in its old place, first before who parked it.
-- Its customer may be away: nobody expects them to stand in line, so they cannot be missed there.
-- Returns RESUMED | NOT_PARKED | NOT_DUE
if not load() then
  redis.call('ZREM', PARKED, ID)
  return { 'NO_SUCH' }
end
if conv.state ~= 'parked' then return reply('NOT_PARKED', conv.seq) end
if tonumber(conv.parked_until_ms) > tonumber(NOW) then return reply('NOT_DUE') end

return reply('RESUMED', back_in_line('due'))
