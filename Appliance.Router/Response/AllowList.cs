using Appliance.Router.Rules;

namespace Appliance.Router.Response;

/// <summary>Sources that nobody wants answered, whatever they do.</summary>
internal sealed class AllowList(ResponseOptions options)
{
    private readonly HashSet<string> _zones = [.. options.AllowZones];
    private readonly HashSet<BlockTarget> _devices = [.. options.AllowDevices.Select(text => BlockTarget.TryParse(text, out var device) ? device : throw new FormatException(text))];
    private readonly IReadOnlyList<TargetRange> _networks = [.. options.AllowNetworks.Select(text => TargetRange.TryParse(text, out var range) ? range : throw new FormatException(text))];

    /// <summary>Why a source is spared; null when it is not.</summary>
    /// <param name="alert">With the zone of its source.</param>
    /// <param name="isSourceProven">False where the source's address may be forged, so that only its station counts.</param>
    public string? Find(AlertFacts alert, bool isSourceProven)
    {
        var isTarget = BlockTarget.TryParse(alert.Source, out var source);
        var station = BlockTarget.TryFromMacBytes(alert.SourceMac.Span, out var mac) ? mac : source;
        if (_devices.Contains(station))
        {
            return $"{alert.Source} is device {station}, which {ResponseOptions.Section}:{nameof(ResponseOptions.AllowDevices)} spares.";
        }

        if (!isSourceProven)
        {
            return null;
        }

        if (_zones.Contains(alert.Zone))
        {
            return $"{alert.Source} is in zone {alert.Zone}, which {ResponseOptions.Section}:{nameof(ResponseOptions.AllowZones)} spares.";
        }

        var network = isTarget ? _networks.Where(range => range.Contains(source)).Select(range => range.ToString()).FirstOrDefault() : null;
        return network is null ? null : $"{alert.Source} is in {network}, which {ResponseOptions.Section}:{nameof(ResponseOptions.AllowNetworks)} spares.";
    }
}
