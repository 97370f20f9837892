using System.Runtime.CompilerServices;
using Appliance.Router.Capture;
using Appliance.Router.Decoding;
using Appliance.Router.Decoding.Facts;
using Appliance.Router.Devices;
using Appliance.Router.Flows;
using Appliance.Router.Traffic;

namespace Appliance.Router;

/// <summary>The way of a packet through the Router. No allocation per packet: no LINQ, closure, boxing or string from here down.</summary>
/// <remarks>
/// What every packet goes through is compiled with full optimization at once: a capture of ten million packets is over before the
/// runtime would have found out by counting calls (1.7 s instead of 2.5 s).
/// </remarks>
public sealed class PacketPath(FlowOptions options, IFlowEventSink events, IFlowRecordSink? records, IFactSink? facts = null, TablePlace? place = null)
{
    // The lock is let go this often, so that whoever wants to look at the flows gets in.
    private const int BatchSize = 4096;

    private readonly Lock _gate = new();
    private readonly FragmentTable _fragments = new(new FragmentAssembly(options.FragmentBytes, options.FragmentedDatagrams));
    private readonly FlowTable _flows = new(options, events, records, facts, place ?? TablePlace.Alone());
    private StationTable? _stations;
    private TrafficTally? _tally;
    private long _packets;
    private long _bytes;
    private long _undecoded;
    private long _now;

    /// <summary>The clock of what has been run, nanoseconds since 1970 UTC: no event before it is still to come.</summary>
    public long Now => Volatile.Read(ref _now);

    /// <summary>The interface that its packets come from; empty for a file.</summary>
    public string Interface => place?.Interface ?? "";

    /// <summary>Whether the stations that are seen here are not ours.</summary>
    public bool IsOutside => place?.IsOutside == true;

    /// <summary>May be read from any thread.</summary>
    public PathTotals Totals => new(
        Interlocked.Read(ref _packets),
        Interlocked.Read(ref _bytes),
        Interlocked.Read(ref _undecoded),
        _flows.FlowsCount,
        _flows.ActiveCount,
        _flows.EvictedCount,
        _flows.UntrackedLoginsCount,
        _flows.UnreadFactsCount,
        _flows.EvictedFirstBytesCount,
        _fragments.Losses);

    /// <summary>One packet: frame → headers → flow → events.</summary>
    public void Process(in Frame frame)
    {
        _packets++;
        _bytes += frame.OriginalLength;
        if (!PacketDecoder.TryDecode(frame, out var packet))
        {
            _undecoded++;
            return;
        }

        _stations?.Count(packet.SourceMac, packet.DestinationMac, frame.OriginalLength, packet.Time);
        _fragments.Resolve(ref packet);
        _tally?.Count(packet, frame.OriginalLength);
        _flows.Observe(packet);
    }

    /// <summary>All packets of a source that never waits, such as a file.</summary>
    public void Run(IPacketSource source, CancellationToken token)
    {
        while (!token.IsCancellationRequested && ReadBatch(source) != ReadOutcome.End)
        {
        }
    }

    /// <summary>All packets of a source that may have to wait for them; returns when it ends, or has been stopped by the token.</summary>
    public async Task RunAsync(IPacketSource source, CancellationToken token)
    {
        using var stop = token.Register(source.Halt);
        for (var outcome = ReadBatch(source); outcome != ReadOutcome.End; outcome = ReadBatch(source))
        {
            if (outcome == ReadOutcome.Idle)
            {
                await WaitAsync(source, token);
            }
        }
    }

    /// <summary>Moves the clock on while there is no source: what falls silent ends, and nobody waits for this path.</summary>
    public void AdvanceTo(long time)
    {
        lock (_gate)
        {
            _flows.AdvanceTo(time);
            Volatile.Write(ref _now, _flows.Now);
        }
    }

    /// <summary>Ends all flows, as the capture has.</summary>
    public void Finish()
    {
        lock (_gate)
        {
            _flows.Finish();
        }
    }

    /// <summary>Flows in the table that began before the one with the given ordinal, newest first. May be called from any thread.</summary>
    public IReadOnlyList<ListedFlow> ListFlows(long beforeOrdinal, int count)
    {
        lock (_gate)
        {
            return _flows.List(beforeOrdinal, count);
        }
    }

    /// <summary>Counts each station's bytes in another table from now on, and gives back the one before. May be called from any thread.</summary>
    internal StationTable? CountStations(StationTable table)
    {
        lock (_gate)
        {
            var before = _stations;
            _stations = table;
            return before;
        }
    }

    /// <summary>Counts protocols and remote addresses in another tally from now on, and gives back the one before. May be called from any thread.</summary>
    internal TrafficTally? CountTraffic(TrafficTally tally)
    {
        lock (_gate)
        {
            var before = _tally;
            _tally = tally;
            return before;
        }
    }

    private static async ValueTask WaitAsync(IPacketSource source, CancellationToken token)
    {
        try
        {
            await source.WaitAsync(token.IsCancellationRequested ? CancellationToken.None : token);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // The source has been stopped and is read to its end.
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ReadOutcome ReadBatch(IPacketSource source)
    {
        lock (_gate)
        {
            var outcome = ReadOutcome.Frame;
            for (var i = 0; i < BatchSize && outcome == ReadOutcome.Frame; i++)
            {
                outcome = source.Read(out var frame);
                if (outcome == ReadOutcome.Frame)
                {
                    Process(frame);
                }
            }

            if (outcome != ReadOutcome.Frame)
            {
                _flows.AdvanceTo(source.Now);
            }

            // Only now: within a batch the clock runs ahead of the timers that it sets off.
            Volatile.Write(ref _now, _flows.Now);
            return outcome;
        }
    }
}
