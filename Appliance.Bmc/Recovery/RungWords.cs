namespace Appliance.Bmc.Recovery;

/// <summary>Steps in words.</summary>
internal static class RungWords
{
    public static string Of(Rung rung) => rung switch
    {
        Rung.RestartRole => "role restart",
        Rung.Reboot => "reboot",
        Rung.PowerCycle => "power cycle",
        _ => "reflash",
    };
}
