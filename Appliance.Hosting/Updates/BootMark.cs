namespace Appliance.Hosting.Updates;

/// <summary>Tells one boot of the machine from another, which no clock does on a board without a battery.</summary>
internal static class BootMark
{
    public static string Read(UpdatePaths paths) => File.Exists(paths.BootId) ? File.ReadAllText(paths.BootId).Trim() : "";
}
