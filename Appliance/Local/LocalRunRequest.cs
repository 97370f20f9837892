namespace Appliance.Local;

/// <summary>What `./run` was asked for.</summary>
/// <param name="Folder">Keeps the site's certificates, the roles' state and the dashboard's password.</param>
/// <param name="Capture">The capture to play; null when an interface is watched.</param>
/// <param name="Interface">The live interface to watch; null when a capture is played.</param>
/// <param name="Speed">Times as fast as recorded; 0 is as fast as possible.</param>
/// <param name="ExitAfterReplay">Plays once and ends with a summary.</param>
internal sealed record LocalRunRequest(string Folder, string? Capture, string? Interface, double Speed, bool ExitAfterReplay)
{
    /// <summary>At full speed a loop would never let anything else run, and its blocks would pile up.</summary>
    public bool PlaysOnce => ExitAfterReplay || Speed == 0;
}
