namespace Appliance.Router.Capture;

/// <summary>How sockets share the frames of an interface: a program of classic BPF (PACKET_FANOUT_CBPF, packet(7)).</summary>
internal static class FanoutRule
{
    private const ushort LoadWord = 0x20;
    private const ushort LoadHalf = 0x28;
    private const ushort LoadByte = 0x30;
    private const ushort LoadWordAtX = 0x40;
    private const ushort LoadByteAtX = 0x50;
    private const ushort LoadHeaderLengthToX = 0xb1;
    private const ushort LoadMemory = 0x60;
    private const ushort Store = 0x02;
    private const ushort ToX = 0x07;
    private const ushort XorX = 0xac;
    private const ushort Multiply = 0x24;
    private const ushort ShiftRight = 0x74;
    private const ushort JumpIfEqual = 0x15;
    private const ushort JumpIfGreater = 0x25;
    private const ushort JumpIfAnyBit = 0x45;
    private const ushort Return = 0x06;
    private const ushort ReturnValue = 0x16;

    // SKF_AD_OFF + SKF_AD_PROTOCOL, and SKF_NET_OFF: from the IP header on, wherever the frame's begins.
    private const uint Type = 0xffff_f000;
    private const uint IP = 0xfff0_0000;

    /// <summary>A number that depends on the two addresses of a packet alone, whoever sends: which of several sockets gets it.</summary>
    /// <remarks>
    /// The kernel's own rule (PACKET_FANOUT_HASH) takes the ports in as well. So it sends a fragment, which has none, and an ICMP error to
    /// other sockets than the flow that they belong to, and both directions of a VXLAN tunnel, whose ports differ, to two. Its way out for
    /// fragments, PACKET_FANOUT_FLAG_DEFRAG, shows IPv4 fragments only once they are whole: a flood of them would never be seen, and counts
    /// would not be those of the wire. By addresses all of these meet; two hosts' flows with each other share a thread. An ICMP error goes by
    /// the addresses of the packet that it quotes. What is not IP, or stands behind a second VLAN tag, goes to the first socket.
    /// </remarks>
    public static SocketFilter ByAddresses()
    {
        var (version4, version6) = (IPv4(), IPv6());
        return new(
        [
            Word(LoadHalf, 0, 0, Type),
            Word(JumpIfEqual, 2, 0, 0x0800),
            Word(JumpIfEqual, (byte)(version4.Length + 1), 0, 0x86dd),
            Word(Return, 0, 0, 0),
            .. version4,
            .. version6,
        ]);
    }

    // Only a first fragment has an ICMP header. Type 3, 4, 5, 11 and 12 quote a packet (RFC 792), 8 bytes behind their beginning.
    private static ulong[] IPv4() =>
    [
        Word(LoadByte, 0, 0, IP + 9),
        Word(JumpIfEqual, 0, 9, 1),
        Word(LoadHalf, 0, 0, IP + 6),
        Word(JumpIfAnyBit, 7, 0, 0x1fff),
        Word(LoadHeaderLengthToX, 0, 0, IP),
        Word(LoadByteAtX, 0, 0, IP),
        Word(JumpIfEqual, 11, 0, 3),
        Word(JumpIfEqual, 10, 0, 4),
        Word(JumpIfEqual, 9, 0, 5),
        Word(JumpIfEqual, 8, 0, 11),
        Word(JumpIfEqual, 7, 0, 12),
        .. Mixed(12, 16),
        Word(LoadWordAtX, 0, 0, IP + 8 + 12),
        Word(Store, 0, 0, 0),
        Word(LoadWordAtX, 0, 0, IP + 8 + 16),
        Word(ToX, 0, 0, 0),
        Word(LoadMemory, 0, 0, 0),
        Word(XorX, 0, 0, 0),
        .. Returned(),
    ];

    // Types 1 to 4 are errors (RFC 4443, 2.1), and quote as those of IPv4 do.
    private static ulong[] IPv6() =>
    [
        Word(LoadByte, 0, 0, IP + 6),
        Word(JumpIfEqual, 0, 28, 58),
        Word(LoadByte, 0, 0, IP + 40),
        Word(JumpIfEqual, 26, 0, 0),
        Word(JumpIfGreater, 25, 0, 4),
        .. Mixed([.. Enumerable.Range(0, 8).Select(word => (uint)(40 + 8 + 8 + (4 * word)))]),
        .. Mixed([.. Enumerable.Range(0, 8).Select(word => (uint)(8 + (4 * word)))]),
    ];

    private static ulong[] Mixed(params uint[] words) =>
    [
        Word(LoadWord, 0, 0, IP + words[0]),
        .. words[1..].SelectMany(word => new ulong[] { Word(ToX, 0, 0, 0), Word(LoadWord, 0, 0, IP + word), Word(XorX, 0, 0, 0) }),
        .. Returned(),
    ];

    // Neighbours differ in the last bits; the product's upper half depends on them all.
    private static ulong[] Returned() =>
    [
        Word(Multiply, 0, 0, 0x9e37_79b1),
        Word(ShiftRight, 0, 0, 16),
        Word(ReturnValue, 0, 0, 0),
    ];

    private static ulong Word(ushort code, byte whenTrue, byte whenFalse, uint value) =>
        ((ulong)value << 32) | ((ulong)whenFalse << 24) | ((ulong)whenTrue << 16) | code;
}
