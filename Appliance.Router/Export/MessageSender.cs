using System.Net.Sockets;
using Appliance.Router.Flows;

namespace Appliance.Router.Export;

/// <summary>Packs records into messages and sends them over one transport session.</summary>
/// <remarks>Pending are the flows of the message that has not left. One that could not be sent whole is of no use to anybody, so the next session may send them again.</remarks>
internal sealed class MessageSender(ICollectorLink link, ExportOptions options, ExportFigures figures, List<Flow> pending, TimeProvider clock)
{
    // A datagram's refusal is told with a later one; so long without is taken as well.
    private static readonly TimeSpan Forgiveness = TimeSpan.FromSeconds(10);

    // So many messages are sent before the kernel is asked which have arrived.
    private const int MaxTravelling = 64;

    private readonly IpfixMessage _message = new(options.MaxMessageBytes, (uint)options.ObservationDomain);
    private readonly byte[] _record = new byte[FlowTemplate.MaxBytes];

    // Messages on their way: where in the session's bytes they end, and how many flows they tell. No more than the kernel's buffer holds.
    private readonly Queue<(long End, int Flows)> _travelling = new();
    private long _sentBytes;
    private long _announced;
    private long _refused;
    private bool _hasAnnounced;

    // Of the pending ones those that are in this session's message.
    private int _flows;

    /// <summary>Datagrams come back.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>How long it is until templates and figures are due again.</summary>
    public TimeSpan UntilAnnouncement => TimeSpan.FromTicks(Math.Max(0, (options.TemplateInterval - clock.GetElapsedTime(_announced)).Ticks));

    /// <summary>Sends templates and figures.</summary>
    public async Task AnnounceAsync(CancellationToken token)
    {
        if (!_hasAnnounced || !link.IsReliable)
        {
            foreach (var template in FlowTemplate.All)
            {
                await AddAsync(IpfixMessage.TemplateSet, template.Describe(_record), token);
            }

            await AddAsync(IpfixMessage.OptionsTemplateSet, ExportFigures.Describe(_record), token);
        }

        await AddAsync(ExportFigures.TemplateId, figures.Write((uint)options.ObservationDomain, _record), token);
        await FlushAsync(token);
        _announced = clock.GetTimestamp();
        _hasAnnounced = true;
    }

    /// <summary>The same when it is time; a collector that refuses gets the templates ahead of all else, for when it is there again.</summary>
    public async Task AnnounceIfDueAsync(CancellationToken token)
    {
        if (UntilAnnouncement == TimeSpan.Zero || IsRefused)
        {
            await AnnounceAsync(token);
        }
    }

    public async Task AddAsync(Flow flow, CancellationToken token)
    {
        var template = FlowTemplate.Of(flow);
        await AddAsync(template.Id, template.Write(flow, _record), token);
        pending.Add(flow);
        _flows++;
    }

    /// <summary>Begins with what the session before could not send any more: one message's worth.</summary>
    public void Resume()
    {
        foreach (var flow in pending)
        {
            var template = FlowTemplate.Of(flow);
            _message.TryAdd(template.Id, _record.AsSpan(0, template.Write(flow, _record)));
        }

        _flows = pending.Count;
    }

    public async Task FlushAsync(CancellationToken token)
    {
        if (_message.IsEmpty)
        {
            return;
        }

        var bytes = _message.Finish(clock.GetUtcNow());
        try
        {
            await link.SendAsync(bytes, token);
            IsRefused &= clock.GetElapsedTime(_refused) < Forgiveness;
        }
        catch (SocketException error) when (!link.IsReliable && error.SocketErrorCode == SocketError.ConnectionRefused)
        {
            // An earlier datagram has come back, and this one has not left yet.
            figures.Refused();
            _refused = clock.GetTimestamp();
            IsRefused = true;
            await link.SendAsync(bytes, token);
        }

        figures.Sent(bytes.Length, _flows);
        Follow(bytes.Length);
        if (_flows > 0)
        {
            pending.Clear();
            _flows = 0;
        }
    }

    /// <summary>The session has failed: counts the flows that have been sent and have not arrived.</summary>
    public void GiveUp()
    {
        ForgetArrived();
        figures.Unsent(_travelling.Sum(message => message.Flows));
        _travelling.Clear();
    }

    private void Follow(int bytes)
    {
        if (link.IsReliable)
        {
            _sentBytes += bytes;
            _travelling.Enqueue((_sentBytes, _flows));
            if (_travelling.Count >= MaxTravelling)
            {
                ForgetArrived();
            }
        }
    }

    private void ForgetArrived()
    {
        var arrived = link.ArrivedBytes;
        while (_travelling.TryPeek(out var message) && message.End <= arrived)
        {
            _travelling.Dequeue();
        }
    }

    private async Task AddAsync(ushort setId, int length, CancellationToken token)
    {
        if (!_message.TryAdd(setId, _record.AsSpan(0, length)))
        {
            await FlushAsync(token);
            _message.TryAdd(setId, _record.AsSpan(0, length));
        }
    }
}
