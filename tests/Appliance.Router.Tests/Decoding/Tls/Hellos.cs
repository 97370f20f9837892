using Appliance.Router.Decoding.Tls;

namespace Appliance.Router.Tests.Decoding.Tls;

/// <summary>ClientHellos made by hand.</summary>
internal static class Hellos
{
    /// <summary>The ciphers, extensions and signature algorithms of the example in FoxIO's description of JA4.</summary>
    public const string Ciphers = "1301,1302,1303,c02b,c02f,c02c,c030,cca9,cca8,c013,c014,009c,009d,002f,0035";
    public const string Extensions = "001b,0000,0033,0010,4469,0017,002d,000d,0005,0023,0012,002b,ff01,000b,000a,0015";
    public const string Algorithms = "0403,0804,0401,0503,0805,0501,0806,0601";

    public static byte[] Message(
        string ciphers = Ciphers, string extensions = Extensions, string algorithms = Algorithms, byte[]? serverName = null, byte[][]? protocols = null, string versions = "0304,0303", string version = "0303")
    {
        byte[] list =
        [
            .. Numbers(extensions).SelectMany(type => Extension(type, type switch
            {
                0 => Block16([0, .. Block16(serverName ?? "cam.example"u8.ToArray())]),
                13 => Block16(List(algorithms)),
                16 => Block16([.. (protocols ?? ["h2"u8.ToArray(), "http/1.1"u8.ToArray()]).SelectMany(name => Block8(name))]),
                43 => Block8(List(versions)),
                _ => [1, 2, 3],
            })),
        ];
        byte[] body = [.. List(version), .. new byte[32], .. Block8(new byte[32]), .. Block16(List(ciphers)), .. Block8([0]), .. extensions.Length > 0 ? Block16(list) : []];
        return [1, 0, .. Block16(body)];
    }

    public static byte[] Record(byte[] content) => [22, 3, 1, .. Block16(content)];

    public static ClientHello Read(byte[] message)
    {
        Assert.True(ClientHello.TryRead(message, out var hello));
        return hello;
    }

    private static byte[] Extension(ushort type, byte[] content) => [.. Frames.UInt16(type), .. Block16(content)];

    private static byte[] List(string numbers) => [.. Numbers(numbers).SelectMany(Frames.UInt16)];

    private static IEnumerable<ushort> Numbers(string numbers) => numbers.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(number => Convert.ToUInt16(number, 16));

    private static byte[] Block8(byte[] content) => [(byte)content.Length, .. content];

    private static byte[] Block16(byte[] content) => [.. Frames.UInt16((ushort)content.Length), .. content];
}
