using System.Collections.Concurrent;
using Appliance.Router.Network;

namespace Appliance.Router.Tests.Network;

public sealed class DnsmasqProcessTests
{
    [Fact]
    public async Task One_that_ends_at_once_still_tells_why()
    {
        var told = new ConcurrentQueue<string>();

        // Many at once, so that some have ended before anybody looks at them.
        var codes = await Task.WhenAll(Enumerable.Range(0, 40).Select(async _ =>
        {
            var process = await DnsmasqProcess.StartAsync(["/bin/sh", "-c", "echo refused >&2; exit 3"], told.Enqueue);
            await process.Told;
            Assert.True(process.Id > 1);
            return await process.Exited;
        }));

        Assert.All(codes, code => Assert.Equal(3, code));
        Assert.Equal(Enumerable.Repeat("refused", 40), told);
    }
}
