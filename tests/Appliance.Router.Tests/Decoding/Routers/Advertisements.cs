namespace Appliance.Router.Tests.Decoding.Routers;

/// <summary>Router advertisements made by hand.</summary>
internal static class Advertisements
{
    public const string Router = "fe80::1";
    public const string RouterMac = "00:1b:21:00:00:01";

    /// <summary>Lifetime 1800 s, hop limit 64.</summary>
    public static byte[] Message(byte flags, params byte[][] options) => [134, 0, 0, 0, 64, flags, 0x07, 0x08, 0, 0, 0, 0, 0, 0, 0, 0, .. options.SelectMany(option => option)];

    public static byte[] Frame(byte[] message, string source = Router, byte hopLimit = 255, string mac = RouterMac) =>
        Frames.Ethernet(0x86dd, Frames.IPv6(source, "ff02::1", 58, message, hopLimit: hopLimit), mac, "33:33:00:00:00:01");

    public static byte[] LinkLayer(string mac) => [1, 1, .. Frames.Mac(mac)];

    public static byte[] Prefix(string prefix, byte length = 64, byte flags = 0xc0) =>
        [3, 4, length, flags, .. Frames.UInt32(86_400), .. Frames.UInt32(14_400), 0, 0, 0, 0, .. Frames.Address(prefix)];

    public static byte[] Servers(uint lifetime, params string[] addresses) =>
        [25, (byte)(1 + (2 * addresses.Length)), 0, 0, .. Frames.UInt32(lifetime), .. addresses.SelectMany(Frames.Address)];

    /// <summary>Names in the form of DNS, padded to a multiple of eight.</summary>
    public static byte[] Domains(params byte[][] names)
    {
        byte[] text = [.. names.SelectMany(name => name)];
        byte[] padded = [.. text, .. new byte[(8 - (text.Length % 8)) % 8]];
        return [31, (byte)(1 + (padded.Length / 8)), 0, 0, .. Frames.UInt32(600), .. padded];
    }
}
