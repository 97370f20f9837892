using Appliance.Router.Decoding.Dns;
using Appliance.Router.Decoding.Facts;

namespace Appliance.Router.Tests.Decoding.Dns;

/// <summary>DNS messages made by hand.</summary>
internal static class DnsMessages
{
    public const ushort Reply = 0x8180;

    /// <summary>A pointer to the first name of a message.</summary>
    public static readonly byte[] FirstName = [0xc0, 12];

    public static byte[] Message(ushort flags, byte[][] questions, byte[][]? answers = null, byte[][]? authorities = null, byte[][]? additional = null) =>
    [
        .. Frames.UInt16(0x1234), .. Frames.UInt16(flags), .. Count(questions), .. Count(answers), .. Count(authorities), .. Count(additional),
        .. questions.SelectMany(part => part), .. (answers ?? []).SelectMany(part => part), .. (authorities ?? []).SelectMany(part => part), .. (additional ?? []).SelectMany(part => part),
    ];

    public static byte[] Question(byte[] name, ushort type, ushort recordClass = 1) => [.. name, .. Frames.UInt16(type), .. Frames.UInt16(recordClass)];

    public static byte[] Record(byte[] name, ushort type, byte[] content, ushort recordClass = 1) =>
        [.. name, .. Frames.UInt16(type), .. Frames.UInt16(recordClass), .. Frames.UInt32(300), .. Frames.UInt16((ushort)content.Length), .. content];

    public static byte[] Name(string name) => [.. name.Split('.').SelectMany(label => Label(Facts.Hostile.Bytes(label))), 0];

    public static byte[] Label(byte[] label) => [(byte)label.Length, .. label];

    public static DnsFact? Read(byte[] message, int port = DnsReader.Port)
    {
        var origin = new FactOrigin(1, default, 0, Frames.Value("10.0.0.1"), Frames.Value("10.0.0.2"), 40000, (ushort)port, 17);
        return DnsReader.TryRead(message, origin, out var fact) ? fact : null;
    }

    private static byte[] Count(byte[][]? parts) => Frames.UInt16((ushort)(parts?.Length ?? 0));
}
