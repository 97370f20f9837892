using Appliance.Hosting.Errors;
using Appliance.Hosting.Events;
using Appliance.Hosting.Power;

namespace Appliance.Hosting.Updates;

/// <summary>A node with two slots: the bundle goes to the one that does not run, and the bootloader falls back by itself.</summary>
internal sealed class RaucTarget(UpdatePaths paths, RaucProgram rauc, ActivationFile activations, IMachinePower machine, EventLog events) : IUpdateTarget
{
    // An event a step, not one a line.
    private const int ShareStep = 25;

    private readonly NodeImage _image = NodeImage.Read(paths) ?? throw new InvalidOperationException($"{paths.Image} is missing.");
    private readonly string _slot = NodeImage.ReadSlot(paths);
    private readonly UpdateFloor _floor = new(paths);

    public void Check(UpdateHeader header)
    {
        if (header.Slot.Length > 0 && header.Slot == _slot)
        {
            throw new BusyException("SLOT_RUNS", $"Slot {_slot} runs; an update is written to the other one. Leave the slot out.");
        }

        if (header.Version.Length > 0)
        {
            _floor.Check(header.Version, _image.Version);
        }
    }

    public async Task<InstalledUpdate> InstallAsync(UpdateHeader header, string bundle, CancellationToken token)
    {
        var found = await rauc.ReadAsync(bundle, token);
        if (found.Compatible != _image.Compatible)
        {
            throw new BusyException("WRONG_COMPATIBLE", $"The bundle is for {found.Compatible}, this node is {_image.Compatible}; take the bundle that was built for it.");
        }

        header.CheckVersion(found.Version);
        _floor.Check(found.Version, _image.Version);
        var other = await OtherAsync(token);
        events.Tell(EventSeverity.Info, UpdateWords.Part, $"Version {found.Version} is being written to slot {other.Bootname}.");
        var told = 0;
        await rauc.InstallAsync(
            bundle,
            share =>
            {
                if (share >= told + ShareStep && share < 100)
                {
                    told = share - (share % ShareStep);
                    events.Tell(EventSeverity.Info, UpdateWords.Part, $"Version {found.Version} is written to slot {other.Bootname} by {told} %.");
                }
            },
            token);
        events.Tell(EventSeverity.Info, UpdateWords.Part, $"Version {found.Version} lies whole in slot {other.Bootname} and waits to be activated.");
        return new InstalledUpdate(found.Version, other.Bootname);
    }

    public async Task ActivateAsync(string version, CancellationToken token)
    {
        _floor.Check(version, _image.Version);
        var other = await OtherAsync(token);
        if (other.Version != version)
        {
            var held = other.Version.Length == 0 ? "nothing that is whole" : $"version {other.Version}";
            throw new BusyException("NOT_INSTALLED", $"Slot {other.Bootname} holds {held}, not {version}; install that first.");
        }

        activations.Write(new Activation(_image.Version, _slot, version, other.Bootname, BootMark.Read(paths)));
        await rauc.MarkActiveAsync("other", token);
        try
        {
            await machine.RebootAsync(token);
        }
        catch
        {
            // Not left for a reboot that somebody asks for later for another reason.
            activations.Clear();
            await rauc.MarkActiveAsync("booted", CancellationToken.None);
            throw;
        }

        events.Tell(EventSeverity.Warning, UpdateWords.Part, $"The node reboots into version {version} in slot {other.Bootname}, out of {_image.Version} in {_slot}.");
    }

    // What the kernel was told and what RAUC believes have to be the same, or the slot that runs could be written.
    private async Task<RaucSlot> OtherAsync(CancellationToken token)
    {
        var slots = await rauc.ReadSlotsAsync(token);
        if (slots.Count != 2 || slots.Count(slot => slot.IsBooted) != 1 || slots.First(slot => slot.IsBooted).Bootname != _slot)
        {
            throw new BusyException("SLOTS_UNCLEAR", $"The kernel was booted from slot '{_slot}', and rauc knows {string.Join(", ", slots.Select(slot => $"{slot.Bootname}{(slot.IsBooted ? " (booted)" : "")}"))}; look at `rauc status` there.");
        }

        return slots.First(slot => !slot.IsBooted);
    }
}
