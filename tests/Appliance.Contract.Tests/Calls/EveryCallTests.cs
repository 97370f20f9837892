using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting;
using Appliance.Hosting.Authorization;
using Appliance.Hosting.Identity;
using Appliance.Tests.Shared;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace Appliance.Contract.Tests.Calls;

/// <summary>Every method of the contract, called once with each kind of identity on the real roles.</summary>
[Trait("Category", "Slow")]
public sealed class EveryCallTests : IAsyncDisposable
{
    private readonly TestSite _site = new();

    public static TheoryData<string> Callers => ["admin", "operator", "reader", "subscriber", "router", "detector", "logger", "bmc"];

    [Theory]
    [MemberData(nameof(Callers))]
    public async Task Method_is_refused_open_or_unimplemented_as_the_tables_say(string caller)
    {
        await RealRoles.StartAsync(_site);
        var (identity, certificate) = Who(caller);
        var invokers = Enum.GetValues<Role>().ToDictionary(role => role, role => _site.Channel(role, certificate).CreateCallInvoker());

        var faults = await Task.WhenAll(ContractMethods.All
            .SelectMany(method => ContractMethods.Owners(method).Select(role => FaultAsync(method, role, identity, invokers[role]))));

        Assert.Equal([], faults.OfType<string>());
    }

    [Fact]
    public void Every_unimplemented_method_is_one_of_the_contract()
    {
        var dead = Unimplemented.Methods.Except(ContractMethods.All.Select(ContractMethods.NameOf));

        Assert.Empty(dead);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    private static async Task<string?> FaultAsync(MethodDescriptor method, Role role, PeerIdentity identity, CallInvoker invoker)
    {
        var name = ContractMethods.NameOf(method);
        var expected = !MethodTable.Allows(name, identity) ? StatusCode.PermissionDenied
            : Unimplemented.Methods.Contains(name) ? StatusCode.Unimplemented
            : (StatusCode?)null;
        var status = await EmptyCall.StatusAsync(invoker, method, TestContext.Current.CancellationToken);
        return Fits(status, expected) ? null : $"{name} on {role} answered {status}, not {expected?.ToString() ?? "an implementation's answer"}";
    }

    // An implementation may say of an empty request what it likes, but not that it is missing, forbidden or broken.
    private static bool Fits(StatusCode status, StatusCode? expected) => expected is { } code
        ? status == code
        : status is not (StatusCode.PermissionDenied or StatusCode.Unimplemented or StatusCode.Unauthenticated or StatusCode.Internal or StatusCode.Unknown);

    private (PeerIdentity Identity, X509Certificate2 Certificate) Who(string caller)
    {
        var certificate = Enum.TryParse<Role>(caller, ignoreCase: true, out var role)
            ? _site.Node(role)
            : _site.Person(Enum.Parse<PeerKind>(caller, ignoreCase: true));
        Assert.True(PeerIdentity.TryParse(certificate, out var identity));
        return (identity, certificate);
    }
}
