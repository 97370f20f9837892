namespace Appliance.Local;

/// <summary>What `./run` tells a newcomer first.</summary>
internal static class Banner
{
    public static async Task WriteAsync(TextWriter output, LocalRunRequest request, LocalSite site)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, site.Pki);
        var pki = relative.StartsWith("..", StringComparison.Ordinal) ? site.Pki : relative;
        var password = File.Exists(site.PasswordFile) ? (await File.ReadAllTextAsync(site.PasswordFile)).Trim() : "(none)";
        await output.WriteLineAsync($"""

            {(request.Interface is { } name
                ? $"Watching {name}. Enforcement stays inside the network namespace 'appliance'; nothing outside it is blocked."
                : $"Playing {Path.GetFileName(request.Capture)} {(request.Speed == 0 ? "as fast as possible" : $"at speed {request.Speed}")}{(request.PlaysOnce ? ", once" : ", in a loop")}.")}

            Dashboard   https://localhost:8443/   account: {LocalSite.Account}   password: {password}
            gRPC        grpcurl -cacert {pki}/ca.crt -cert {pki}/operator.crt -key {pki}/operator.key localhost:7443 appliance.rules.v1.RuleService/ListBlocks
            MQTT        mosquitto_sub -h localhost -p 8883 --cafile {pki}/ca.crt --cert {pki}/subscriber.crt --key {pki}/subscriber.key -i me -q 1 -t 'appliance/{LocalSite.Name}/alerts/#'
            Kernel      ip netns exec appliance nft list table inet appliance

            Ready. Ctrl-C ends it.

            """);
    }
}
