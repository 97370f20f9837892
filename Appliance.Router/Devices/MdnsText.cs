namespace Appliance.Router.Devices;

/// <summary>What the strings of an mDNS TXT record say of a device: "md=BSB002", "ty=HP LaserJet", "fn=Kitchen" (RFC 6763, 6).</summary>
internal static class MdnsText
{
    /// <summary>The trait that a string of key and value tells; null when it tells none.</summary>
    public static DeviceTrait? Read(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var value = equals < 0 ? "" : text[(equals + 1)..].Trim();
        if (value.Length == 0)
        {
            return null;
        }

        // Keys are the same in upper and lower case (RFC 6763, 6.4).
        return text[..equals].ToLowerInvariant() switch
        {
            // Google Cast, HomeKit; printers; Apple's devices and AirPlay; Hue; D-Link; what UPnP and USB call it.
            "md" or "ty" or "model" or "am" or "modelid" or "model_number" or "modelname" or "usb_mdl" => new(TraitSource.MdnsModel, value),
            "manufacturer" or "mfg" or "vendor" or "usb_mfg" => new(TraitSource.MdnsMaker, value),
            "fn" => new(TraitSource.MdnsName, value),
            "ci" => CategoryOf(value) is { } category ? new(TraitSource.HomeKitCategory, category) : null,
            _ => null,
        };
    }

    // HomeKit Accessory Protocol Specification (non-commercial version R2), 13.
    private static string? CategoryOf(string number) => number switch
    {
        "2" => "bridge",
        "5" => "lightbulb",
        "7" => "outlet",
        "9" => "thermostat",
        "10" => "sensor",
        "17" => "IP camera",
        "18" => "video doorbell",
        "26" => "speaker",
        "31" => "television",
        _ => null,
    };
}
