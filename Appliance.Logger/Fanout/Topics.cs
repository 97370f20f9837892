namespace Appliance.Logger.Fanout;

/// <summary>The topics of one site; there is none that takes a command.</summary>
internal sealed class Topics(string site)
{
    private const string HomeAssistant = "homeassistant/";
    private readonly string _tree = $"appliance/{site}/";

    /// <summary>Where Home Assistant says that it started.</summary>
    public const string HomeAssistantStatus = HomeAssistant + "status";

    public string Summary => _tree + "summary";

    /// <summary>Where Home Assistant looks for what a site offers.</summary>
    public string Discovery => $"{HomeAssistant}device/appliance-{site}/config";

    public string Alert(string severity, string category) => $"{_tree}alerts/{severity}/{category}";

    /// <summary>True when a filter can only ever match topics of this site or of Home Assistant's discovery.</summary>
    /// <remarks>The fixed part is compared as text, so that "#", "+/home/#" and "$share/g/appliance/home/#" are all denied.</remarks>
    public bool MaySubscribe(string filter) =>
        filter.StartsWith(_tree, StringComparison.Ordinal) || filter.StartsWith(HomeAssistant, StringComparison.Ordinal);
}
