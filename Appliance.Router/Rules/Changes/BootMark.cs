namespace Appliance.Router.Rules.Changes;

/// <summary>Names the present boot of the machine, so that a reboot in between is seen.</summary>
internal sealed record BootMark(string Id)
{
    private const string Path = "/proc/sys/kernel/random/boot_id";

    public static BootMark Read() => new(File.ReadAllText(Path).Trim());
}
