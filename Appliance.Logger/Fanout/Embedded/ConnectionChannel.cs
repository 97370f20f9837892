using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using MQTTnet.Channel;
using MQTTnet.Exceptions;

namespace Appliance.Logger.Fanout.Embedded;

/// <summary>A connection of Kestrel as MQTTnet reads and writes it.</summary>
internal sealed class ConnectionChannel(ConnectionContext connection, int maxPacketBytes) : IMqttChannel
{
    private readonly PacketLimit _limit = new(maxPacketBytes);
    private readonly PipeReader _input = connection.Transport.Input;
    private readonly PipeWriter _output = connection.Transport.Output;
    private volatile bool _ended;

    public X509Certificate2? ClientCertificate => connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate;

    public EndPoint? RemoteEndPoint => connection.RemoteEndPoint;

    public EndPoint? LocalEndPoint => connection.LocalEndPoint;

    public bool IsSecureConnection => connection.Features.Get<ITlsHandshakeFeature>() is not null;

    // It was open when it was handed in.
    public Task ConnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task DisconnectAsync(CancellationToken cancellationToken)
    {
        await _input.CompleteAsync();
        await _output.CompleteAsync();
    }

    public async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        if (_ended)
        {
            return 0;
        }

        var result = await _input.ReadAsync(cancellationToken);
        var taken = result.Buffer.Slice(0, Math.Min(count, result.Buffer.Length));
        taken.CopyTo(buffer.AsSpan(offset));
        int length = (int)taken.Length;
        _input.AdvanceTo(taken.End);
        return _limit.TryPass(buffer.AsSpan(offset, length))
            ? length
            : throw new MqttProtocolViolationException("The packet is larger than a subscriber's ever is.");
    }

    /// <summary>Lets a waiting read end as if the peer had closed.</summary>
    public void End()
    {
        _ended = true;
        _input.CancelPendingRead();
    }

    public async Task WriteAsync(ReadOnlySequence<byte> buffer, bool isEndOfPacket, CancellationToken cancellationToken)
    {
        foreach (var part in buffer)
        {
            _output.Write(part.Span);
        }

        await _output.FlushAsync(cancellationToken);
    }

    // Kestrel sends what is written, such as the reason of a refusal, and closes.
    public void Dispose()
    {
    }
}
