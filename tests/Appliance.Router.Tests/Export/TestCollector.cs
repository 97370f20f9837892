using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Appliance.Router.Tests.Export;

/// <summary>Takes IPFIX messages as they come, over UDP or TCP, and understands no more than their header.</summary>
internal sealed class TestCollector : IDisposable
{
    private const int HeaderLength = 16;
    private readonly Socket? _datagrams;
    private readonly TcpListener? _listener;
    private Socket? _connection;

    private TestCollector(Socket? datagrams, TcpListener? listener) => (_datagrams, _listener) = (datagrams, listener);

    public static TestCollector Udp(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        return new(socket, null);
    }

    /// <param name="port">Where it listens.</param>
    /// <param name="room">Bytes that are taken in for it before it reads; 0 for as many as is usual.</param>
    public static TestCollector Tcp(int port, int room = 0)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        if (room > 0)
        {
            listener.Server.ReceiveBufferSize = room;
        }

        listener.Start();
        return new(null, listener);
    }

    public static uint SequenceOf(byte[] message) => BinaryPrimitives.ReadUInt32BigEndian(message.AsSpan(8));

    /// <summary>Numbers of the sets in a message.</summary>
    public static IEnumerable<int> SetsOf(byte[] message)
    {
        for (var at = HeaderLength; at < message.Length; at += BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at + 2)))
        {
            yield return BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at));
        }
    }

    public async Task<byte[]> ReadAsync()
    {
        var token = TestContext.Current.CancellationToken;
        if (_datagrams is not null)
        {
            var buffer = new byte[65_536];
            return buffer[..await _datagrams.ReceiveAsync(buffer, token)];
        }

        _connection ??= await _listener!.AcceptSocketAsync(token);
        var header = await ReadAsync(HeaderLength, token);
        return [.. header, .. await ReadAsync(BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(2)) - HeaderLength, token)];
    }

    /// <summary>Reads until it is enough, and gives all messages.</summary>
    public async Task<List<byte[]>> ReadAsync(Func<IReadOnlyList<byte[]>, bool> enough)
    {
        List<byte[]> messages = [];
        while (!enough(messages))
        {
            messages.Add(await ReadAsync());
        }

        return messages;
    }

    /// <summary>Takes a connection, and reads nothing from it.</summary>
    public async Task AcceptAsync() => _connection = await _listener!.AcceptSocketAsync(TestContext.Current.CancellationToken);

    /// <summary>The whole messages of a connection until the other side ends it, or breaks it off.</summary>
    public async Task<List<byte[]>> ReadToEndAsync()
    {
        var token = TestContext.Current.CancellationToken;
        _connection ??= await _listener!.AcceptSocketAsync(token);
        using var all = new MemoryStream();
        try
        {
            await using var stream = new NetworkStream(_connection, ownsSocket: false);
            await stream.CopyToAsync(all, token);
        }
        catch (IOException error) when (error.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            // What came before is there.
        }

        HangUp();
        List<byte[]> messages = [];
        for (var rest = all.ToArray(); rest.Length >= HeaderLength && BinaryPrimitives.ReadUInt16BigEndian(rest.AsSpan(2)) is var length && length <= rest.Length; rest = rest[length..])
        {
            messages.Add(rest[..length]);
        }

        return messages;
    }

    /// <summary>Closes the connection, and takes a new one with the next message.</summary>
    public void HangUp()
    {
        _connection?.Dispose();
        _connection = null;
    }

    public void Dispose()
    {
        HangUp();
        _datagrams?.Dispose();
        _listener?.Dispose();
    }

    private async Task<byte[]> ReadAsync(int length, CancellationToken token)
    {
        var bytes = new byte[length];
        for (var used = 0; used < length;)
        {
            var count = await _connection!.ReceiveAsync(bytes.AsMemory(used), token);
            Assert.NotEqual(0, count);
            used += count;
        }

        return bytes;
    }
}
