package dev.whyrank.cluster;

/**
 * What must happen in Redis as one. A task is counted in the hash of the queue from its addition to its end, so that
 * doing either twice changes nothing.
 */
final class Scripts {

    /** KEYS lane, queue, tokens; ARGV task, estimate, message, milliseconds to live. Gives the entry's id. */
    static final String ADD = """
            if redis.call('HSETNX', KEYS[2], ARGV[1], ARGV[2]) == 1 then
              redis.call('INCRBY', KEYS[3], ARGV[2])
            end
            for i = 1, 3 do redis.call('PEXPIRE', KEYS[i], ARGV[4]) end
            return redis.call('XADD', KEYS[1], '*', 'task', ARGV[3])
            """;

    private static final String LEAVE = """
            local estimate = redis.call('HGET', KEYS[2], ARGV[1])
            if estimate then
              redis.call('HDEL', KEYS[2], ARGV[1])
              if redis.call('DECRBY', KEYS[3], estimate) < 0 then redis.call('DEL', KEYS[3]) end
            end
            """;

    /** KEYS lane, queue, tokens; ARGV task, group, entry. Takes a task back; gives how many entries went. */
    static final String CANCEL = LEAVE + """
            redis.call('XACK', KEYS[1], ARGV[2], ARGV[3])
            return redis.call('XDEL', KEYS[1], ARGV[3])
            """;

    /** The same, but only of a task that no worker has; gives 0 if one has. */
    static final String WITHDRAW = """
            if #redis.call('XPENDING', KEYS[1], ARGV[2], ARGV[3], ARGV[3], 1) > 0 then return 0 end
            """ + CANCEL;

    /**
     * KEYS results, lease; ARGV report, most reports, milliseconds to live. Gives 0 if the gateway's lease has run out.
     */
    static final String TELL = """
            if redis.call('EXISTS', KEYS[2]) == 0 then return 0 end
            redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], '*', 'report', ARGV[1])
            redis.call('PEXPIRE', KEYS[1], ARGV[3])
            return 1
            """;

    /**
     * KEYS lane, queue, tokens, done, results, lease; ARGV task, group, entry, report, most reports, milliseconds to
     * live of results, of the queue. Tells the last of a task and ends it.
     */
    static final String FINISH = LEAVE + """
            if estimate then
              redis.call('INCRBY', KEYS[4], estimate)
              redis.call('PEXPIRE', KEYS[4], ARGV[7])
            end
            redis.call('XACK', KEYS[1], ARGV[2], ARGV[3])
            redis.call('XDEL', KEYS[1], ARGV[3])
            if ARGV[4] ~= '' and redis.call('EXISTS', KEYS[6]) == 1 then
              redis.call('XADD', KEYS[5], 'MAXLEN', '~', ARGV[5], '*', 'report', ARGV[4])
              redis.call('PEXPIRE', KEYS[5], ARGV[6])
            end
            return 1
            """;

    /**
     * KEYS lane; ARGV group, consumer, entry. 1: still ours, and now known to be worked on; 0: taken back; -1: another's.
     */
    static final String RENEW = """
            if #redis.call('XRANGE', KEYS[1], ARGV[3], ARGV[3]) == 0 then return 0 end
            local owner = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[3], ARGV[3], 1)
            if #owner > 0 and owner[1][2] ~= ARGV[2] then return -1 end
            redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[3], 'FORCE', 'JUSTID')
            return 1
            """;

    /** KEYS lane; ARGV entries. Gives those that are there. */
    static final String PRESENT = """
            local present = {}
            for _, entry in ipairs(ARGV) do
              if #redis.call('XRANGE', KEYS[1], entry, entry) > 0 then table.insert(present, entry) end
            end
            return present
            """;

    private Scripts() {}
}
