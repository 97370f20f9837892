using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Appliance.Package.Tests;
using Appliance.Tests.Shared;

[assembly: AssemblyFixture(typeof(BuiltPackage))]

namespace Appliance.Package.Tests;

/// <summary>The package of this machine's architecture, built once, in two versions. Without compiling ahead, which takes minutes and changes no file's name.</summary>
public sealed class BuiltPackage : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Lazy<string> _program;

    public BuiltPackage() => _program = new Lazy<string>(Publish);

    public static string Architecture => RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64";

    /// <summary>The published program.</summary>
    public string Program => _program.Value;

    /// <summary>The signed bundle of a version, as it is sent to a node.</summary>
    public string UpdateOf(string version) => Path.ChangeExtension(Of(version), ".update");

    /// <summary>The package's file of a version, built when first asked for.</summary>
    public string Of(string version)
    {
        var folder = _folder.File("debs");
        var file = Path.Combine(folder, $"appliance_{version}_{Architecture}.deb");
        if (!File.Exists(file))
        {
            Build(version, folder);
        }

        return file;
    }

    public void Build(string version, string folder) => Build(version, folder, Program, "release");

    /// <summary>The same of another program or another signer.</summary>
    public void Build(string version, string folder, string program, string signer)
    {
        var (key, certificate) = (_folder.File($"{signer}.key"), _folder.File($"{signer}.crt"));
        if (!File.Exists(key))
        {
            using var rsa = RSA.Create(3072);
            var request = new CertificateRequest($"CN={signer}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            using var made = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddYears(1));
            File.WriteAllText(certificate, made.ExportCertificatePem());
            File.WriteAllText(key, rsa.ExportPkcs8PrivateKeyPem());
        }

        Tool.Run(Path.Combine(Checkout.Root, "image/deb"), "--version", version, "--program", program, "--key", key, "--certificate", certificate, Architecture, folder);
    }

    public void Dispose() => _folder.Dispose();

    private string Publish()
    {
        var folder = _folder.File("program");
        var runtime = Architecture == "arm64" ? "linux-arm64" : "linux-x64";
        // In folders of its own: the build of the checkout may be under way, or be used by other tests.
        Tool.Run("dotnet", "publish", Path.Combine(Checkout.Root, "Appliance"), "-c", "Release", "-r", runtime, "--self-contained", "-o", folder, "-v", "q", "--nologo", "-p:PublishReadyToRun=false");
        return folder;
    }
}
