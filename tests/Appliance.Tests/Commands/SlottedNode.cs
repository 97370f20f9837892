using Appliance.Hosting;
using Appliance.Hosting.Power;
using Appliance.Hosting.Updates;
using Appliance.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Tests.Commands;

/// <summary>A node whose reboot is the role's stop and its start out of the slot that the test says. Its rauc is a script; the real one is tried in the hosting tests.</summary>
internal sealed class SlottedNode(TestSite site, Role role, TempFolder folder, bool comesUp) : IMachinePower
{
    private WebApplication? _app;
    private string _next = "B";

    private UpdatePaths Paths => new()
    {
        Image = File("image.json"),
        CommandLine = File("cmdline"),
        BootId = File("boot_id"),
        Shared = File("shared"),
        Rauc = File("rauc"),
    };

    /// <summary>Ends when the node is up again after its reboot.</summary>
    public Task Rebooted { get; private set; } = Task.CompletedTask;

    public int Reboots { get; private set; }

    public async Task StartAsync()
    {
        Script("rauc", """
            case "$1 $2" in
              info*) echo '{"compatible":"appliance-virt","version":"1.1.0"}' ;;
              "status --detailed") echo '{"slots":[{"rootfs.0":{"bootname":"A","state":"booted"}},{"rootfs.1":{"bootname":"B","state":"inactive","slot_status":{"bundle":{"version":"1.1.0"},"status":"ok"}}}]}' ;;
            esac
            """);
        GoodVersions.With(null, "A", "1.0.0").Write(Paths);
        await BootAsync("A", "1.0.0");
    }

    public Task RebootAsync(CancellationToken token)
    {
        Reboots++;
        Rebooted = Task.Run(async () =>
        {
            // The answer leaves before the machine goes.
            await Task.Yield();
            await _app!.StopAsync(CancellationToken.None);
            _next = comesUp ? "B" : "A";
            await BootAsync(_next, comesUp ? "1.1.0" : "1.0.0");
            if (comesUp)
            {
                GoodVersions.With(GoodVersions.Read(Paths), "B", "1.1.0").Write(Paths);
            }
        }, CancellationToken.None);
        return Task.CompletedTask;
    }

    public Task ShutdownAsync(CancellationToken token) => throw new NotSupportedException();

    private async Task BootAsync(string slot, string version)
    {
        await System.IO.File.WriteAllTextAsync(Paths.CommandLine, $"rauc.slot={slot}\n");
        await System.IO.File.WriteAllTextAsync(Paths.BootId, Guid.NewGuid().ToString());
        await System.IO.File.WriteAllTextAsync(Paths.Image, $$"""{"version":"{{version}}","target":"virt","compatible":"appliance-virt"}""");
        _app = await site.StartAsync(role, builder => builder.Services.AddSingleton(Paths).AddSingleton<IMachinePower>(this), _ => { });
    }

    private void Script(string name, string text)
    {
        System.IO.File.WriteAllText(File(name), $"#!/bin/sh\n{text}\n");
        System.IO.File.SetUnixFileMode(File(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private string File(string name) => folder.File($"{role}-{name}");
}
