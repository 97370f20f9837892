namespace Appliance.Router.Capture;

/// <summary>The frames of a file that a filter lets through.</summary>
internal sealed class FilteredSource(IPacketSource source, string expression) : IPacketSource
{
    private readonly Dictionary<LinkType, PacketFilter> _filters = [];
    private CaptureFault? _fault;

    public long Now => source.Now;

    public long DroppedCount => source.DroppedCount;

    public CaptureFault? Fault => _fault ?? source.Fault;

    /// <summary>A capture file; without a filter nothing stands between it and its reader.</summary>
    public static IPacketSource OpenFile(string path, string expression) =>
        expression.Length == 0 ? new CaptureFile(path) : new FilteredSource(new CaptureFile(path), expression);

    public ReadOutcome Read(out Frame frame)
    {
        while (_fault is null && source.Read(out frame) is var outcome)
        {
            if (outcome != ReadOutcome.Frame || (TryFind(frame.Link, out var filter) && filter.Matches(frame)))
            {
                return outcome;
            }
        }

        frame = default;
        return ReadOutcome.End;
    }

    public ValueTask WaitAsync(CancellationToken token) => source.WaitAsync(token);

    public void Halt() => source.Halt();

    public void Dispose()
    {
        source.Dispose();
        foreach (var filter in _filters.Values)
        {
            filter.Dispose();
        }
    }

    // A pcapng file may hold frames of several kinds of link; each has its own offsets.
    private bool TryFind(LinkType link, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out PacketFilter? filter)
    {
        if (_filters.TryGetValue(link, out filter))
        {
            return true;
        }

        filter = PacketFilter.TryCompile(expression, link, out var error);
        if (filter is null)
        {
            _fault = new CaptureFault(CaptureFaultKind.FilterRefused, 0, 0, 0, $"filter '{expression}' on frames of link type {(int)link}: {error}");
            return false;
        }

        _filters.Add(link, filter);
        return true;
    }
}
