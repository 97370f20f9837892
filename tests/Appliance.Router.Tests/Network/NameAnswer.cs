using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Appliance.Router.Tests.Nftables;

namespace Appliance.Router.Tests.Network;

/// <summary>What a name server says of a name: the code of RFC 1035, 4.1.1, and addresses.</summary>
internal sealed record NameAnswer(int Code, IReadOnlyList<string> Addresses)
{
    public const int None = 0;
    public const int NoSuchName = 3;
    public const ushort IPv4 = 1;
    public const ushort IPv6 = 28;

    /// <summary>Asks over UDP from inside a namespace; what gets lost is asked again, as resolvers do.</summary>
    public static async Task<NameAnswer> AskAsync(TestNamespace place, string server, string name, ushort type = IPv4)
    {
        using var socket = place.Inside.Run(() =>
        {
            var end = new IPEndPoint(IPAddress.Parse(server), 53);
            var opened = new Socket(end.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            opened.Connect(end);
            return opened;
        });
        var answer = new byte[4096];
        for (var tries = 0; tries < 10; tries++)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            limit.CancelAfter(TimeSpan.FromSeconds(3));
            try
            {
                await socket.SendAsync(Question(name, type), limit.Token);
                return Read(answer.AsSpan(0, await socket.ReceiveAsync(answer, limit.Token)));
            }
            catch (Exception error) when (error is SocketException || (error is OperationCanceledException && !TestContext.Current.CancellationToken.IsCancellationRequested))
            {
                // Nobody there yet, or lost.
            }
        }

        throw new TimeoutException($"{server} has not answered.");
    }

    /// <summary>The answer of a server that knows one address.</summary>
    public static byte[] Answer(ReadOnlySpan<byte> question, IPAddress address)
    {
        var end = 12 + question[12..].IndexOf((byte)0) + 5;
        byte[] header = [question[0], question[1], 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0];
        return [.. header, .. question[12..end], 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, .. address.GetAddressBytes()];
    }

    /// <summary>The name that is asked for.</summary>
    public static string NameOf(ReadOnlySpan<byte> question)
    {
        var labels = new List<string>();
        for (var place = 12; question[place] != 0; place += question[place] + 1)
        {
            labels.Add(Encoding.ASCII.GetString(question.Slice(place + 1, question[place])));
        }

        return string.Join('.', labels);
    }

    private static byte[] Question(string name, ushort type) =>
    [
        0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0,
        .. name.Split('.').SelectMany(label => Encoding.ASCII.GetBytes(label).Prepend((byte)label.Length)),
        0, (byte)(type >> 8), (byte)type, 0, 1,
    ];

    private static NameAnswer Read(ReadOnlySpan<byte> message)
    {
        var addresses = new List<string>();
        var rest = message[(12 + message[12..].IndexOf((byte)0) + 5)..];
        for (var left = BinaryPrimitives.ReadUInt16BigEndian(message[6..]); left > 0; left--)
        {
            // A pointer, or the name itself.
            rest = rest[0] >= 0xc0 ? rest[2..] : rest[(rest.IndexOf((byte)0) + 1)..];
            var length = BinaryPrimitives.ReadUInt16BigEndian(rest[8..]);
            if (BinaryPrimitives.ReadUInt16BigEndian(rest) is IPv4 or IPv6)
            {
                addresses.Add(new IPAddress(rest.Slice(10, length)).ToString());
            }

            rest = rest[(10 + length)..];
        }

        return new NameAnswer(message[3] & 0xf, addresses);
    }
}
