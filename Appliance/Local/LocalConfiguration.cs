using System.Globalization;

namespace Appliance.Local;

/// <summary>The configuration that `./run` stands for, as the keys of `appliance.json`.</summary>
internal static class LocalConfiguration
{
    public static Dictionary<string, string?> Of(LocalRunRequest request, LocalSite site)
    {
        var settings = Common(request, site);
        if (request.Interface is not null)
        {
            settings["Router:Capture:Interfaces:0:Name"] = request.Interface;
        }

        return settings;
    }

    private static Dictionary<string, string?> Common(LocalRunRequest request, LocalSite site) => new()
    {
        ["Node:Site"] = LocalSite.Name,
        ["Node:Name"] = LocalSite.NodeName,
        ["Node:StateDirectory"] = site.Folder,
        // A trial listens to this machine alone.
        ["Node:ListenAddress"] = "127.0.0.1",
        ["Router:Enrollment:AuthorityFolder"] = site.Pki,
        ["Router:Capture:File"] = request.Capture ?? "",
        ["Router:Capture:Speed"] = request.Speed.ToString(CultureInfo.InvariantCulture),
        ["Router:Capture:Loop"] = request.PlaysOnce ? "false" : "true",
        ["Router:Capture:ShiftToNow"] = "true",
        ["Router:Firewall:Namespace"] = "appliance",
        ["Router:Response:Mode"] = "enforce",
        ["Bmc:Board:Simulate"] = "2.3.7",
    };
}
