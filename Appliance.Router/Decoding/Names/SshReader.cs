using Appliance.Router.Decoding.Facts;
using Appliance.Router.Decoding.Streams;

namespace Appliance.Router.Decoding.Names;

/// <summary>Reads the identification line of SSH (RFC 4253, 4.2).</summary>
internal static class SshReader
{
    private const int MaxLine = 255;

    private static ReadOnlySpan<byte> Prefix => "SSH-"u8;

    public static StreamVerdict Read(ReadOnlySpan<byte> stream, bool isFromClient, in FactOrigin origin, out Fact? fact)
    {
        fact = null;
        var known = Math.Min(stream.Length, Prefix.Length);
        if (!stream[..known].SequenceEqual(Prefix[..known]))
        {
            return StreamVerdict.Foreign;
        }

        var end = stream[..Math.Min(stream.Length, MaxLine)].IndexOf((byte)'\n');
        if (end < 0)
        {
            return stream.Length < MaxLine ? StreamVerdict.Incomplete : StreamVerdict.Foreign;
        }

        fact = new SshFact(origin, isFromClient, PlainText.Of(stream[..end].TrimEnd((byte)'\r')));
        return StreamVerdict.Complete;
    }
}
