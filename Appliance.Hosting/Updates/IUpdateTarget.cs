namespace Appliance.Hosting.Updates;

/// <summary>How the node that the role runs on is updated: by slots, by packages, or not at all.</summary>
internal interface IUpdateTarget
{
    /// <summary>Throws, before a byte has come, what can be told without the bundle.</summary>
    void Check(UpdateHeader header);

    /// <summary>Checks the bundle and puts it where it can be started from; nothing of what runs is touched.</summary>
    Task<InstalledUpdate> InstallAsync(UpdateHeader header, string bundle, CancellationToken token);

    /// <summary>Starts what was installed; it is kept when the role's health answers, or else goes back by itself.</summary>
    Task ActivateAsync(string version, CancellationToken token);
}
