namespace Appliance.Bmc.Board;

/// <summary>What a board says of itself; empty where its firmware does not say.</summary>
internal sealed record BoardFacts(
    BoardGeneration Generation,
    string Model,
    string Revision,
    string HostName,
    string DaemonVersion,
    string FirmwareVersion)
{
    /// <summary>True when reading a console empties it: all firmware before 2.3.</summary>
    public bool ConsoleReadConsumes => Generation < BoardGeneration.Third;
}
