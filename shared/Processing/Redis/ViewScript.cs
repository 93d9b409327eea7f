namespace Commerce.Streaming.Processing.Redis;

/// <summary>What the script answers.</summary>
internal enum ViewAnswer
{
    /// <summary>Written.</summary>
    Written,

    /// <summary>Redis does not hold what the change builds on: it lost data, or another owner was here.</summary>
    Gap,

    /// <summary>Somebody has already written newer state: we are a former owner.</summary>
    Superseded,
}

/// <summary>
/// The one way in which a view is written: a script that refuses what does not follow on what Redis holds. The watermark hash has
/// <c>held</c> (changelog offset up to which the view is complete), <c>claimed</c> (offset to which somebody has begun to bring it; a
/// former owner's chunk that arrives between two of the new owner's is below it), <c>epoch</c> (which changelog the offsets are of) and
/// <c>at</c> (when it was last written, in Unix seconds).
/// Runs on Redis 7, Valkey and Garnet (<c>--lua true</c>).
/// </summary>
internal static class ViewScript
{
    /// <summary>Expected: first chunk of a rebuild, whatever Redis holds.</summary>
    public const string BeginRebuild = "begin";

    /// <summary>Expected: further chunk of a rebuild.</summary>
    public const string GoOnRebuilding = "rest";

    /// <summary>
    /// KEYS: watermark, index, indexes of siblings, then one per change. ARGV: epoch, expected, to, is last, now, number of siblings; then per
    /// change the number of its values (0 deletes, 1 is a string, more are a hash's fields and values), whether the key joins the index, and
    /// the values. What is in a sibling's index has moved there since and is not deleted.
    /// </summary>
    public const string Text = """
        local w = redis.call('HMGET', KEYS[1], 'epoch', 'claimed', 'held')
        local same = w[1] == ARGV[1]
        local to = tonumber(ARGV[3])
        local claimed = nil
        if same and w[2] then claimed = tonumber(w[2]) end
        if claimed and claimed > to then return 'superseded' end
        if ARGV[2] == 'begin' then
          redis.call('HDEL', KEYS[1], 'held')
        elseif ARGV[2] == 'rest' then
          if claimed ~= to then return 'gap' end
        elseif not same or w[3] ~= ARGV[2] then
          return 'gap'
        end
        redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'claimed', ARGV[3])
        local siblings = tonumber(ARGV[6])
        local a = 7
        for k = 3 + siblings, #KEYS do
          local n = tonumber(ARGV[a])
          if n == 0 then
            local moved = false
            for s = 3, 2 + siblings do
              if redis.call('SISMEMBER', KEYS[s], KEYS[k]) == 1 then moved = true end
            end
            if not moved then redis.call('DEL', KEYS[k]) end
            redis.call('SREM', KEYS[2], KEYS[k])
          else
            if n == 1 then
              redis.call('SET', KEYS[k], ARGV[a + 2])
            else
              redis.call('DEL', KEYS[k])
              redis.call('HSET', KEYS[k], unpack(ARGV, a + 2, a + 1 + n))
            end
            if ARGV[a + 1] == '1' then redis.call('SADD', KEYS[2], KEYS[k]) end
          end
          a = a + 2 + n
        end
        if ARGV[4] == '1' then redis.call('HSET', KEYS[1], 'held', ARGV[3], 'at', ARGV[5]) end
        return 'ok'
        """;
}
