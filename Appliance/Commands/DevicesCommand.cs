using System.CommandLine;
using Appliance.Hosting;
using Appliance.Protos.Devices.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Appliance.Commands;

/// <summary>`appliance devices`: who is on the network, and what people decide about them.</summary>
internal sealed class DevicesCommand
{
    private readonly SiteCommand _site = new(Role.Router);
    private readonly Argument<string> _device = new("DEVICE") { Description = "MAC address, or the name that an operator gave" };
    private readonly Argument<string> _name = new("NAME") { Description = "What people call it, at most 64 characters; \"\" for none" };
    private readonly Option<Device.Types.State?> _state = new("--state") { Description = "Only devices in this state: new, approved, quarantined or blocked", HelpName = "STATE" };
    private readonly Argument<string> _policy = new Argument<string>("POLICY") { Description = "allowed, lan-only (not the internet) or internet-only (not the site's other networks)" }.AcceptOnlyFromAmong([.. DevicesWire.Policies.Keys]);
    private readonly Argument<string[]> _times = new("TIMES") { Description = "Such as 07:30-21:00, or mon,tue,fri/16:00-18:00, in the router's time zone; none for always", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string> _reason = new("--reason") { Description = "Why, for the audit log", HelpName = "TEXT", DefaultValueFactory = _ => "" };

    public static Command Create() => new DevicesCommand().Build();

    private Command Build() => new("devices", "Who is on the network: names, kinds, addresses; approve, quarantine, block")
    {
        _site.New("list", "All devices, the last seen first", [_state], ListAsync),
        _site.New("show", "One device, and why it is taken for what it is", [_device], ShowAsync),
        _site.New("name", "Give a device a name", [_device, _name, _reason], (calls, parsed, options) =>
            UpdateAsync(calls, parsed, options, "name", device => device.Name = parsed.GetValue(_name))),
        Decide("approve", "A device that belongs here", Device.Types.State.Approved),
        Decide("quarantine", "It gets an address, names and the time from the gateway, and reaches nothing else through it", Device.Types.State.Quarantined),
        Decide("block", "Nothing that it sends is let through", Device.Types.State.Blocked),
        _site.New("policy", "Where a device may go", [_device, _policy, _reason], (calls, parsed, options) =>
            UpdateAsync(calls, parsed, options, "policy", device => device.Policy = DevicesWire.Policies[parsed.GetRequiredValue(_policy)])),
        _site.New("schedule", "When a device is let through", [_device, _times, _reason], (calls, parsed, options) =>
            UpdateAsync(calls, parsed, options, "allowed_times", device => device.AllowedTimes.AddRange((parsed.GetValue(_times) ?? []).Select(DevicesWire.ToTimes)))),
        Decide("reset", "As if nobody had decided yet", Device.Types.State.New),
    };

    private Command Decide(string name, string description, Device.Types.State state) => _site.New(name, description, [_device, _reason], (calls, parsed, options) =>
        UpdateAsync(calls, parsed, options, "state", device => device.State = state));

    private async Task<Action<TextWriter, OutputFormat>> ListAsync(CallInvoker calls, ParseResult parsed, CallOptions options)
    {
        var wanted = parsed.GetValue(_state);
        var devices = (await AllAsync(new(calls), options)).Where(device => wanted is null || device.State == wanted).OrderByDescending(device => device.LastSeenTime).ToList();
        return (output, format) => DevicesWire.Print(output, format, devices);
    }

    private async Task<Action<TextWriter, OutputFormat>> ShowAsync(CallInvoker calls, ParseResult parsed, CallOptions options)
    {
        var device = await FindAsync(new(calls), parsed.GetRequiredValue(_device), options);
        return (output, format) => DevicesWire.PrintOne(output, format, device);
    }

    private async Task<Action<TextWriter, OutputFormat>> UpdateAsync(CallInvoker calls, ParseResult parsed, CallOptions options, string path, Action<Device> change)
    {
        var client = new DeviceService.DeviceServiceClient(calls);
        var found = await FindAsync(client, parsed.GetRequiredValue(_device), options);
        var wanted = new Device { Id = found.Id };
        change(wanted);
        var request = new UpdateDeviceRequest { Device = wanted, UpdateMask = new FieldMask { Paths = { path } }, Reason = parsed.GetRequiredValue(_reason) };
        var changed = (await client.UpdateDeviceAsync(request, options)).Device;
        return (output, format) => DevicesWire.Print(output, format, [changed]);
    }

    private static async Task<IReadOnlyList<Device>> AllAsync(DeviceService.DeviceServiceClient client, CallOptions options)
    {
        var devices = new List<Device>();
        var token = "";
        do
        {
            var page = await client.ListDevicesAsync(new ListDevicesRequest { PageSize = 1000, PageToken = token }, options);
            devices.AddRange(page.Devices);
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        return devices;
    }

    private static async Task<Device> FindAsync(DeviceService.DeviceServiceClient client, string name, CallOptions options)
    {
        var found = (await AllAsync(client, options)).Where(device => string.Equals(device.Id, name, StringComparison.OrdinalIgnoreCase) || device.Name == name).ToList();
        return found.Count == 1
            ? found[0]
            : throw new CommandFailedException($"{found.Count} devices are called '{SiteCommand.Text(name)}', 1 is needed; 'appliance devices list' shows addresses and names.");
    }
}
