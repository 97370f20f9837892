using System.Formats.Tar;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Appliance.Hosting.Identity;
using Appliance.Hosting.Updates;
using Appliance.Protos.Node.V1;
using Appliance.Tests.Shared;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Hosting.Tests.Updates;

/// <summary>A node that came as a Debian package, over the network; what root does then is tried with the package itself.</summary>
public sealed class PackageTargetTests : IAsyncLifetime
{
    private const string Compatible = "appliance-deb-amd64";

    private static readonly byte[] Package = Encoding.UTF8.GetBytes("!<arch>\na package\n");

    private readonly TestSite _site = new();
    private readonly TempFolder _folder = new();
    private readonly RSA _key = RSA.Create(2048);

    private UpdatePaths Paths => new()
    {
        Image = "/none/image.json",
        Package = _folder.File("package.json"),
        Certificate = _folder.File("update.crt"),
        Shared = _folder.File("shared"),
        BootId = _folder.File("boot_id"),
    };

    private string Updates => Path.Combine(_site.State, "router", "updates");

    [Fact]
    public async Task Signed_package_lies_ready_and_is_asked_for_when_it_is_activated()
    {
        var client = Client();

        var installed = await client.SendAsync(Bundle());
        var isAskedFor = File.Exists(Path.Combine(Updates, "activate"));
        await client.ActivateUpdateAsync(new ActivateUpdateRequest { Version = "1.1.0" });

        Assert.Equal(("1.1.0", ""), (installed.Update.Version, installed.Update.Slot));
        Assert.False(isAskedFor);
        Assert.Equal("1.1.0", await File.ReadAllTextAsync(Path.Combine(Updates, "activate"), TestContext.Current.CancellationToken));
        Assert.Equal("1.0.0", (await client.GetNodeAsync(new GetNodeRequest())).Node.ImageVersion);
    }

    [Theory]
    [InlineData("WRONG_SIGNATURE", "1.1.0", Compatible, true, false)]
    [InlineData("WRONG_COMPATIBLE", "1.1.0", "appliance-deb-arm64", false, false)]
    [InlineData("VERSION_TOO_OLD", "0.9.0", Compatible, false, false)]
    [InlineData("BUNDLE_DAMAGED", "1.1.0", Compatible, false, true)]
    public async Task Package_that_may_not_be_installed_is_refused_and_nothing_lies_ready(string reason, string version, string compatible, bool isStranger, bool isDamaged)
    {
        using var stranger = RSA.Create(2048);

        var error = await Assert.ThrowsAsync<RpcException>(() => Client().SendAsync(Bundle(version, compatible, isStranger ? stranger : _key, isDamaged)));

        Assert.Equal(reason, error.Reason());
        Assert.Empty(Directory.GetFiles(Updates, "package.bundle"));
    }

    [Fact]
    public async Task File_that_is_no_bundle_is_refused()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => Client().SendAsync(Package));

        Assert.Equal("BUNDLE_DAMAGED", error.Reason());
    }

    [Fact]
    public async Task Version_that_does_not_lie_ready_is_not_asked_for()
    {
        var client = Client();
        await client.SendAsync(Bundle());

        var error = await Assert.ThrowsAsync<RpcException>(async () => await client.ActivateUpdateAsync(new ActivateUpdateRequest { Version = "1.2.0" }));

        Assert.Equal("NOT_INSTALLED", error.Reason());
        Assert.False(File.Exists(Path.Combine(Updates, "activate")));
    }

    [Fact]
    public async Task Root_takes_out_what_may_be_installed_and_leaves_nothing_of_what_may_not()
    {
        var trial = new PackageTrial(Paths, _ => Task.FromResult(true), new LeapingClock());
        await File.WriteAllBytesAsync(_folder.File("good"), Bundle(), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(_folder.File("old"), Bundle("0.9.0"), TestContext.Current.CancellationToken);

        var version = await trial.UnpackAsync(_folder.File("good"), _folder.File("good.deb"), TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAnyAsync<Appliance.Hosting.Errors.ApplianceException>(() => trial.UnpackAsync(_folder.File("old"), _folder.File("old.deb"), TestContext.Current.CancellationToken));

        Assert.Equal("1.1.0", version);
        Assert.Equal(Package, await File.ReadAllBytesAsync(_folder.File("good.deb"), TestContext.Current.CancellationToken));
        Assert.Equal("VERSION_TOO_OLD", error.Reason);
        Assert.False(File.Exists(_folder.File("old.deb")));
    }

    [Theory]
    [InlineData(true, "1.0.0")]
    [InlineData(false, "")]
    public async Task Package_becomes_the_floor_only_when_its_roles_answer(bool serves, string floor)
    {
        var trial = new PackageTrial(Paths, _ => Task.FromResult(serves), new LeapingClock());

        var isGood = await trial.JudgeAsync(TestContext.Current.CancellationToken);

        Assert.Equal((serves, floor), (isGood, GoodVersions.Read(Paths)?.Floor ?? ""));
    }

    public async ValueTask InitializeAsync()
    {
        var request = new CertificateRequest("CN=release", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddYears(1));
        await File.WriteAllTextAsync(Paths.Certificate, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(Paths.Package, $$"""{"version":"1.0.0","compatible":"{{Compatible}}"}""");
        await _site.StartAsync(Role.Router, builder => builder.Services.AddSingleton(Paths), _ => { });
    }

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        _key.Dispose();
        _folder.Dispose();
    }

    private NodeService.NodeServiceClient Client() => new(_site.Channel(Role.Router, _site.Person(PeerKind.Admin)));

    private byte[] Bundle(string version = "1.1.0", string compatible = Compatible) => Bundle(version, compatible, _key, isDamaged: false);

    // As image/deb makes it.
    private static byte[] Bundle(string version, string compatible, RSA key, bool isDamaged)
    {
        var manifest = Encoding.UTF8.GetBytes($$"""{"compatible":"{{compatible}}","version":"{{version}}","sha256":"{{Convert.ToHexStringLower(SHA256.HashData(Package))}}"}""");
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true))
        {
            Add(writer, "manifest.json", manifest);
            Add(writer, "manifest.sig", key.SignData(manifest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
            Add(writer, "package.deb", isDamaged ? Package[1..] : Package);
        }

        return stream.ToArray();
    }

    private static void Add(TarWriter writer, string name, byte[] content)
        => writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
}
