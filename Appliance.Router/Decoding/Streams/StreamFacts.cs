using System.Buffers.Binary;
using Appliance.Router.Decoding.Dns;
using Appliance.Router.Decoding.Facts;
using Appliance.Router.Decoding.Http;
using Appliance.Router.Decoding.Names;
using Appliance.Router.Decoding.Tls;

namespace Appliance.Router.Decoding.Streams;

/// <summary>Reads the beginning of either side of a TCP conversation, whatever the port.</summary>
internal static class StreamFacts
{
    private const int DnsPrefixLength = 2;

    public static StreamVerdict Read(ReadOnlySpan<byte> stream, bool isFromClient, in FactOrigin origin, out Fact? fact)
    {
        if (origin.SourcePort == DnsReader.Port || origin.DestinationPort == DnsReader.Port)
        {
            return ReadDns(stream, origin, out fact);
        }

        var verdict = SshReader.Read(stream, isFromClient, origin, out fact);
        if (verdict == StreamVerdict.Foreign && isFromClient)
        {
            verdict = TlsReader.Read(stream, origin, out fact);
            verdict = verdict == StreamVerdict.Foreign ? HttpReader.Read(stream, origin, out fact) : verdict;
        }

        return verdict;
    }

    // RFC 1035, 4.2.2: the length, then the message.
    private static StreamVerdict ReadDns(ReadOnlySpan<byte> stream, in FactOrigin origin, out Fact? fact)
    {
        fact = null;
        if (stream.Length < DnsPrefixLength || stream.Length - DnsPrefixLength < BinaryPrimitives.ReadUInt16BigEndian(stream))
        {
            return StreamVerdict.Incomplete;
        }

        var message = stream.Slice(DnsPrefixLength, BinaryPrimitives.ReadUInt16BigEndian(stream));
        fact = DnsReader.TryRead(message, origin, out var dns) ? dns : null;
        return fact is null ? StreamVerdict.Foreign : StreamVerdict.Complete;
    }
}
