namespace Appliance.Detector.Detectors.Scans;

/// <summary>TCP ports on which devices call their cloud: when the way out is down, all of them fail at once.</summary>
internal static class CloudPorts
{
    public static bool Contains(ushort port) => port is
        53 or 80 or 443 or 853
        or 1883 or 8883 // MQTT
        or 5222 or 5223 or 5228 // XMPP, Apple and Google push
        or 8443;
}
