namespace Appliance.Benchmarks.Live;

/// <summary>The XDP program that sends a frame back through its interface when one is due, and else drops it.</summary>
internal static class PacedProgram
{
    // Ethernet and an IPv4 header without options.
    private const int SourcePortOffset = 34;

    // 11 ms at 1.488 million a second: longer than between two calls (1 ms) or than others have the core for a turn, and a seventh of the ring
    // (144 bytes each of 16 MiB). What is further behind is left out.
    private const int MostBehind = 16384;

    // Fields of Pace.
    private const short Start = 0;
    private const short Rate = 8;
    private const short Wanted = 16;
    private const short Turns = 24;
    private const short Sent = 32;
    private const short Last = 40;

    /// <param name="map">Descriptor of an array of one <see cref="Pace"/>.</param>
    /// <param name="firstPort">The first source port.</param>
    /// <param name="ports">How many there are from there on, a power of two.</param>
    public static ulong[] Write(int map, ushort firstPort, ushort ports) =>
    [
        // r6 = the frame, which has a port to write to.
        Instruction(0x61, 6, 1, 0, 0), // r6 = data
        Instruction(0x61, 3, 1, 4, 0), // r3 = end of data
        Instruction(0xbf, 2, 6, 0, 0),
        Instruction(0x07, 2, 0, 0, SourcePortOffset + sizeof(ushort)),
        Instruction(0x2d, 2, 3, 30, 0), // too short: drop

        // r8 = time since the start, r0 = frames due until now. A rate of 1.488 million fills 64 bits after three hours.
        Instruction(0x18, 7, 2, 0, map), // r7 = Pace
        0,
        Instruction(0x85, 0, 0, 0, 5), // r0 = bpf_ktime_get_ns()
        Instruction(0x79, 1, 7, Start, 0),
        Instruction(0x1f, 0, 1, 0, 0),
        Instruction(0xbf, 8, 0, 0, 0),
        Instruction(0x79, 1, 7, Rate, 0),
        Instruction(0x2f, 0, 1, 0, 0),
        Instruction(0x37, 0, 0, 0, 1_000_000_000),

        // r1 = turns taken, r0 = those behind.
        Instruction(0x79, 1, 7, Turns, 0),
        Instruction(0x79, 2, 7, Wanted, 0),
        Instruction(0x3d, 1, 2, 18, 0), // all taken: drop
        Instruction(0x1f, 0, 1, 0, 0),
        Instruction(0xd5, 0, 0, 16, 0), // none due: drop
        Instruction(0xb5, 0, 0, 2, MostBehind), // not too far: over the next two
        Instruction(0x17, 0, 0, 0, MostBehind),
        Instruction(0x0f, 1, 0, 0, 0),
        Instruction(0x07, 1, 0, 0, 1),
        Instruction(0x7b, 7, 1, Turns, 0),
        Instruction(0x7b, 7, 8, Last, 0),
        Instruction(0x79, 1, 7, Sent, 0),
        Instruction(0x07, 1, 0, 0, 1),
        Instruction(0x7b, 7, 1, Sent, 0),

        // A port by chance.
        Instruction(0x85, 0, 0, 0, 7), // r0 = bpf_get_prandom_u32()
        Instruction(0x57, 0, 0, 0, ports - 1),
        Instruction(0x07, 0, 0, 0, firstPort),
        Instruction(0xdc, 0, 0, 0, 16), // in network order
        Instruction(0x6b, 6, 0, SourcePortOffset, 0),
        Instruction(0xb7, 0, 0, 0, 3), // XDP_TX
        Instruction(0x95, 0, 0, 0, 0),

        // drop:
        Instruction(0xb7, 0, 0, 0, 1), // XDP_DROP
        Instruction(0x95, 0, 0, 0, 0),
    ];

    private static ulong Instruction(byte code, byte destination, byte source, short offset, int value) =>
        code | ((ulong)destination << 8) | ((ulong)source << 12) | ((ulong)(ushort)offset << 16) | ((ulong)(uint)value << 32);
}
