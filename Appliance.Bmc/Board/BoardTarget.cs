using Appliance.Hosting.Errors;
using Microsoft.Extensions.Options;

namespace Appliance.Bmc.Board;

/// <summary>The board that this role speaks to: the configured one, or the stand-in once it has started.</summary>
internal sealed class BoardTarget
{
    private BoardEndpoint? _current;

    public BoardTarget(IOptions<BoardOptions> options, FirstUse firstUse, BoardSettingNames names) => _current = BoardEndpoint.From(options.Value, firstUse, names);

    public BoardTarget(BoardEndpoint? endpoint) => _current = endpoint;

    /// <summary>The endpoint, or the error that says what to set.</summary>
    public BoardEndpoint Current => Volatile.Read(ref _current) ?? throw new UnreachableException(
        $"No board is configured; set {BoardOptions.Section}:{nameof(BoardOptions.Address)} and {nameof(BoardOptions.Fingerprint)}, "
        + $"or {nameof(BoardOptions.Simulate)} for a simulated one.");

    public bool Simulated => Volatile.Read(ref _current)?.Simulated ?? false;

    public void Set(BoardEndpoint endpoint) => Volatile.Write(ref _current, endpoint);
}
