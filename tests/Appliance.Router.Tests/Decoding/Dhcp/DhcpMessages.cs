namespace Appliance.Router.Tests.Decoding.Dhcp;

/// <summary>DHCP and DHCPv6 messages made by hand.</summary>
internal static class DhcpMessages
{
    public const string Client = "02:40:8c:5a:10:21";

    public static byte[] Message(byte[][] options, string client = "0.0.0.0", string your = "0.0.0.0", byte[]? serverName = null, byte[]? file = null) =>
    [
        1, 1, 6, 0, 1, 2, 3, 4, 0, 0, 0, 0, .. Frames.Address(client), .. Frames.Address(your), .. new byte[8], .. Frames.Mac(Client), .. new byte[10],
        .. Padded(serverName, 64), .. Padded(file, 128), 0x63, 0x82, 0x53, 0x63, .. options.SelectMany(option => option), 255,
    ];

    public static byte[] Option(byte code, params byte[] value) => [code, (byte)value.Length, .. value];

    public static byte[] MessageV6(byte type, params byte[][] options) => [type, 1, 2, 3, .. options.SelectMany(option => option)];

    public static byte[] OptionV6(ushort code, params byte[] value) => [.. Frames.UInt16(code), .. Frames.UInt16((ushort)value.Length), .. value];

    public static byte[] Relayed(byte[] message) => [12, 0, .. new byte[32], .. OptionV6(9, message)];

    private static byte[] Padded(byte[]? bytes, int length) => [.. bytes ?? [], .. new byte[length - (bytes?.Length ?? 0)]];
}
